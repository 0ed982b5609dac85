"""Looks: what was done about a person, by whom and where, as that person reads it; refusals included."""

from healthcloud.people.looks.reads import Look, own_looks

__all__ = ["Look", "own_looks"]
