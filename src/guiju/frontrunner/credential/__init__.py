"""Certificates as W3C Verifiable Credentials: issued, listed by state, verified offline, printed, replayed."""
