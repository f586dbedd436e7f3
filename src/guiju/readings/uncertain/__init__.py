"""Uncertain: one record with standard uncertainties, on the graph that judges it: what the results are worth, and how sure the verdicts are."""
