"""Metrology: the mathematics of measuring, on arrays and plain callables; nothing here knows a standard, a file or a terminal."""
