"""The run folder on disk: what was asked, the split, the history, checkpoints, what it came to.

Rule: every file is written whole or not at all, and its form is read by every later version.
"""
