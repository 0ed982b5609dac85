"""Decisions: what people say of two sides, what it changes, and how it is given back."""
