"""The meaning: one typed, unit-checked graph of nodes per standard and date."""
