"""Olhar: from a folder of pictures to an image classifier that a person can trust and serve."""
