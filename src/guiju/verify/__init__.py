"""Verify: what a standard does in practice, measured on real products."""
