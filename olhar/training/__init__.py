"""Pictures, a model and a recipe -> a stream of Epoch records. Knows no folder."""
