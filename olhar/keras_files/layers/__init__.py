"""Each Keras layer, lowered to the graph's operations: one table of classes, and the functions that it names."""
