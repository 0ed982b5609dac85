"""Placing: records that wait are put with one person each, by what is decided of pairs, or people are asked."""
