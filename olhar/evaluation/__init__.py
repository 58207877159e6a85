"""Predictions and what they are worth: numbers with their intervals, as data before anything is drawn."""
