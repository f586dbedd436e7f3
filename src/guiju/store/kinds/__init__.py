"""The kinds of long work the store knows by itself. A part above adds its own by giving `Worker` and `replay` a larger table of kinds."""
