"""Guiju (规矩): standards written once as data, and read many ways."""

__version__ = "0.1.0"
