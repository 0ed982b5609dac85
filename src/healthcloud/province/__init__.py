"""Province: uses of the card, reported to the provincial platform."""

__all__ = ()
