"""Comparing the figures with the rows they are counted from."""

from healthcloud.figures.checking.reads import Difference, Verdict, check

__all__ = ["Difference", "Verdict", "check"]
