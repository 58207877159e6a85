"""The server: a bundle behind HTTP, and a page to ask it from.

Connection -> protocol -> envelope -> gate -> intake -> prediction pool -> answer.

Rule: it binds 127.0.0.1, every size is bounded, and there is no torch.
"""
