"""Many trainings: folds, seeds, tuning, and the deep check of labels.

``train_run`` is the way in also for a single run, as a run may have folds: then it is several trainings and the one that is kept.
Rule: each of them is an ordinary job, and what is done is never done again.
"""
