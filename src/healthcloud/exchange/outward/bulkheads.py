"""Bulkheads: how much is on its way to each institution, so that one that hangs fills its own places and no other's."""

from collections import Counter
from uuid import UUID


class Bulkheads:
    """At most so many requests on their way to each institution, whoever asks for them."""

    def __init__(self) -> None:
        self._within: Counter[UUID] = Counter()

    def enter(self, institution_id: UUID, most: int) -> bool:
        """Take one of `most` places; False when all are taken."""
        if self._within[institution_id] >= most:
            return False
        self._within[institution_id] += 1
        return True

    def leave(self, institution_id: UUID) -> None:
        """Give the place back."""
        self._within[institution_id] -= 1
