"""Where bytes lie: a folder, a zip, a tar, a place inside an archive. Every reader reads through ``Files``.

Rule: nothing is unpacked to disk, and what is too large is not unpacked at all.
"""
