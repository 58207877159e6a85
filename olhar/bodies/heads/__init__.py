"""Heads that learn from features: candidates, chosen by folds, become one linear layer."""
