"""Residents: home, card, family, what was done with their data, hospitals and guides; guests read what is public."""
