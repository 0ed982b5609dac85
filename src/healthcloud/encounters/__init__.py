"""Encounters: visits that hospitals tell of, with number, class, department and period."""

__all__ = ()
