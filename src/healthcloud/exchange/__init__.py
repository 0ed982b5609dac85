"""Exchange: the evidence of every message, and what goes out to hospitals or waits for its feature."""

__all__ = ()
