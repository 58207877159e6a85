"""The ground floor: errors, texts, pictures as arrays, the signature. Knows nothing of the rooms above; no torch."""
