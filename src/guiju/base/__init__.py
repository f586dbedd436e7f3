"""What everything else stands on: diagnostics, units, rounding, dates. Imports nothing of Guiju above it."""
