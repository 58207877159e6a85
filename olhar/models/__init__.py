"""Networks as torch modules that take (N, C, H, W) and give logits: our own, a person's, a Keras file's that learns on."""
