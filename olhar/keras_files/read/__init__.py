"""What lies at a path -> its parts: the architecture's text, the weights, the labels, in whatever form they were saved.

Rule: sizes are compared with what is stored before anything is allocated, and no link is followed.
"""
