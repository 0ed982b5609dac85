"""Seen: what the city knows of a person, sealed as one value, read in one statement, masked or opened."""
