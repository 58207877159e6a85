"""What is wrong with the pictures: survey (one pass) -> evidence -> one small check a function -> findings -> Audit.

Rule: a check looks at numbers that were gathered and decodes nothing.
"""
