"""The ground floor: errors, texts, pictures as arrays, the signature, files written whole.

Rule: it knows nothing of the rooms above.
"""
