"""A sealed value as stored, with the ids it is sealed for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A sealed value with the ids it stands under; `item_id` is the person's own where a table has one value each."""

    person_id: UUID
    item_id: UUID
    sealed: bytes
