"""Data sets by name: the catalogue of them, and their download into the cache, checked before it gets its name."""
