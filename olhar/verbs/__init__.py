"""One verb a file: what Olhar can do, each as one public function, and what the functions give back.

Rule: a verb joins rooms and holds no machinery of its own.
"""
