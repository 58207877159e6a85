"""Which pictures are the same: exact copies, near copies by looks or by features, and the groups that stay together."""
