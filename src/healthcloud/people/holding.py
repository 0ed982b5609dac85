"""Laying hands on one person: locked, alive in our books, resolved, with the face opened."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.db import Transaction
from healthcloud.people import store
from healthcloud.people.errors import PersonGone, PersonNotFound
from healthcloud.people.model import FACE, PersonState
from healthcloud.people.seen.model import Face, unpack
from healthcloud.people.store import PersonRow


@dataclass(frozen=True, slots=True)
class Held:
    """A canonical person, locked until the transaction ends."""

    row: PersonRow
    face: Face

    @property
    def id(self) -> UUID:
        """The canonical person's id."""
        return self.row.id


async def hold(tx: Transaction, person_id: UUID) -> Held:
    """Lock whom a person resolves to and open the face; raise PersonNotFound or PersonGone."""
    row = await store.lock_person(tx, person_id)
    if row is not None and row.canonical_id != row.id:
        row = await store.lock_person(tx, row.canonical_id)
    if row is None:
        raise PersonNotFound
    if row.state == PersonState.WITHDRAWN:
        raise PersonGone
    return Held(row, unpack(tx.vault.open(FACE, row.id.bytes, row.face_sealed)))
