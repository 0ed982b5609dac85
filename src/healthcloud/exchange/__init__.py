"""Exchange: the evidence of every message, and what goes out to hospitals or waits for its feature."""

from healthcloud.exchange import held, outward

__all__ = ("held", "outward")
