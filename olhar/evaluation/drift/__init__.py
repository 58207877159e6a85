"""What differs between the pictures that a model learnt from and others: two-sample tests, corrected for their number.

Distribution -> Shift (one measure) -> Drift. Rule: numbers come in, gathered elsewhere; nothing is decoded here.
"""
