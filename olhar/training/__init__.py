"""Pictures, a model and a recipe -> a stream of Epoch records.

The fit ladder: fit -> epoch -> step -> forward. Rule: it knows no folder, and only the seed decides what comes out.
"""
