"""Networks: torch modules that take (N, C, H, W) and give logits."""
