"""A model written where the person wants it, in the form that the name's ending says, and proved to answer the same.

Rule: no file that is there is replaced without a word, and what disagrees is not kept.
"""
