"""Arguments -> verbs -> printing -> exit codes.

Rule: results go to standard output, everything else to standard error, and help imports nothing heavy.
"""
