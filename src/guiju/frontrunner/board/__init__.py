"""Boards: declared standards in bands by indicator, and compared as a whole."""
