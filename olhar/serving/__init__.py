"""The server: a bundle behind HTTP, and a page to ask it from.

Connection -> wire -> envelope -> gate -> intake -> engine -> answer.

Rule: it binds 127.0.0.1, every size is bounded, and there is no torch.
"""
