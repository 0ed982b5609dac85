"""Gateway: the faces hospitals' systems speak to, each a translation with no rule and no SQL of its own."""

__all__ = ()
