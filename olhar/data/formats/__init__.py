"""What the bytes say: one reader a form, each from ``Files`` to a Dataset, or None where the form is another.

Rule: nothing in a file is ever run, and every size is looked at before it is allocated.
"""
