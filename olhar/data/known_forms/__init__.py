"""Forms that are known and not read: what each is seen by. Names and first bytes are looked at, and nothing is opened."""
