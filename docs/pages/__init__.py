"""The pages that are made from the code: errors, the functions of Python, and the map in CONTRIBUTING.

``python -m docs.pages`` writes them; a test compares them with what it would write.
"""
