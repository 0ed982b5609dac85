"""Looks: what was done about a person, by whom and where, as that person reads it; refusals included."""

from healthcloud.people.looks.reads import Look, own_looks
from healthcloud.people.looks.unread import MOST_COUNTED, NEW_FOR, mark_read, read_since, unread

__all__ = ["MOST_COUNTED", "NEW_FOR", "Look", "mark_read", "own_looks", "read_since", "unread"]
