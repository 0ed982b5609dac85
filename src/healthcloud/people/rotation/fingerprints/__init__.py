"""Fingerprints: every live key has its rows, and no other key has any."""
