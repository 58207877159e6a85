"""The network of one training, whatever it is: ours, a person's own, a Keras file that learns on.

Recipe -> Maker -> module, bundle, answers. Rule: torch is imported only where a network must be built.
"""
