"""Where pictures come from: readers, the table of pictures, the split, the packed store. No torch."""
