"""The smt reading: standards as formulas of a solver, and questions about every record at once."""
