"""Many trainings: folds, seeds, tuning, and the deep check of labels.

Rule: each of them is an ordinary job, and what is done is never done again.
"""
