"""Merging: one person found registered twice is linked to a canonical person, and the link can be taken back."""
