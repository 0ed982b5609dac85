"""Neighbours: the records that share a block with one, and what is decided of the pairs."""
