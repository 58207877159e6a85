"""Predictions and what they are worth: numbers with their intervals, as data before anything is drawn.

Predictions -> Metrics -> (intervals, folds, which of two is better). Rule: it imports ``base`` alone, so that every room may ask.
"""
