"""Readings: one tree, many readings, strangers to one another."""
