"""Core: what every feature stands on; no word of the health domain in it."""
