"""A file in pieces, as its bytes came, and in portions, as its rows are worked."""
