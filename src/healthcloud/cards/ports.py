"""What cards need of others."""

import secrets
from typing import Protocol
from uuid import UUID


class CardIdStrategy(Protocol):
    """How a new card's id is made. A province that issues ids itself is another strategy; none may derive it here."""

    def new_card_id(self, person_id: UUID) -> bytes:
        """Return 32 bytes never given out before."""
        ...


class RandomCardIds:
    """256 random bits: nothing of the holder can be computed from them, nor the next id from the last."""

    def new_card_id(self, person_id: UUID) -> bytes:  # noqa: ARG002 - the port's shape; the holder must not matter
        """Return 32 random bytes."""
        return secrets.token_bytes(32)


RANDOM_CARD_IDS = RandomCardIds()
