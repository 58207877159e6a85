"""Tables of text that name pictures: how one is written, which column is which, which of several is meant, and what it says
beside class folders."""
