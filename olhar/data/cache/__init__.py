"""The person's cache folder and what lies in it: pictures decoded once, packed, and keyed by their content.

Rule: what is there is whole; a kill leaves nothing half-written under its name.
"""
