"""Refused: what the province will not take, halved until it is alone, kept with its words, sent again."""
