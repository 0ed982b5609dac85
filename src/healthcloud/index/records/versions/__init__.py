"""Versions: what a source said of a person before it said something else; nothing it said is overwritten."""
