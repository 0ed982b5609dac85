"""Sandbox: a city to try things in, with a clock, failures on a switch and a journal of every call."""

__all__ = ()
