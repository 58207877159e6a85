"""What a tree of folders says: one list of rules, ``rules.py``, which reads top to bottom as ``docs/data.md`` does.

Names -> tree of folders with counts -> rules -> class, part and group of each picture, what was passed over, what is told.
Rule: folders are looked at, not pictures; a few pictures are opened only where a rule says how many.
"""
