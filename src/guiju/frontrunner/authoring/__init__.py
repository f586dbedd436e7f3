"""Authoring of evaluation standards: thresholds of levels from a population, what they would do, and the draft they become."""
