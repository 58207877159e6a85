"""One training: what was asked -> prepared pictures -> a network that learns -> a finished run.

request -> job (refusals, prepare, divide, folds) -> first_files -> learn (a session), which ends in finish.

Rule: test pictures are used once, at the end, through the exported file.
"""
