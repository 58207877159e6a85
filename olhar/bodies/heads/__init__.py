"""Heads: what turns a body's pooled outputs into classes, learnt in NumPy within seconds.

features -> squash -> spaces -> logistic (or nearest mean), a candidate at a time -> pool -> Head.

Rule: no torch, no scikit-learn, and nothing is drawn by chance.
"""
