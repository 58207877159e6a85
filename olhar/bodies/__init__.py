"""Networks that have seen a million pictures, what they say of a picture, and heads that learn from it in seconds.

A name or a file -> its weights, checked -> Body -> Features of pictures, kept in the cache -> Head -> a bundle.

Rule: no torch, and nothing in a file of weights is run.
"""
