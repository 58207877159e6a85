"""Where a model looks: the share of each place of a picture in what is said for a class.

The end of its graph -> class activation maps where they are exact; else occlusion. Rule: the file is read, never changed.
"""
