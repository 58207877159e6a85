"""Arguments -> a command -> its verb -> printing -> exit codes.

``app`` runs it all, ``registry`` lists the commands, ``commands`` has a file for each; ``parser``, ``flags`` and ``printing``
are what they share.

Rule: results go to standard output, everything else to standard error, and help imports nothing heavy.
"""
