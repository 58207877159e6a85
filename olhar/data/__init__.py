"""Where pictures come from.

What a person calls DATA -> ``sources.read`` -> files -> a reader of ``formats`` -> pieces -> Dataset -> packed pictures -> parts.
Rule: nothing is decoded before it is wanted, nothing of a person's is ever written, and there is no torch.
"""
