"""One training: what was asked -> prepared pictures -> a network that learns -> a finished run.

request -> prepare -> begin -> learn (a session) -> finish.

Rule: test pictures are used once, at the end, through the exported file.
"""
