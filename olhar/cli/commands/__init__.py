"""One command a file, named as it is typed: ``flags()`` says what it takes; ``run()`` calls its verb and prints what that gave.

typed words -> ``flags()`` -> ``run()`` -> a verb -> standard output and the exit code.

Rule: the verb, and what it gives back, is imported where it is used, so that help stays quick; a new command is a file here and
its name in ``registry``.
"""
