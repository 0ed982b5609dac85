"""Faces for many persons at once, and whom a person resolves to."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.people.model import FACE, Level, PersonState
from healthcloud.people.seen import store
from healthcloud.people.seen.model import Seen, unpack

_STATES = {state.value: state for state in PersonState}
_LEVELS = {level.value: level for level in Level}


async def faces(read: Read, institution_id: UUID | None, person_ids: Collection[UUID]) -> dict[UUID, Seen]:
    """
    Return persons as one institution meets them, by the id asked for; who does not exist is left out.

    Who may see a face unmasked is for whoever asks to decide and to record.
    """
    asked = list(person_ids)
    found = await faces_at(read, [institution_id] * len(asked), asked)
    return {one.person_id: one for one in found if one is not None}


async def faces_at(read: Read, institution_ids: Sequence[UUID | None], person_ids: Sequence[UUID]) -> list[Seen | None]:
    """
    Return each person as the institution beside them meets them, in the order asked; None who does not exist.

    One statement over primary keys for many institutions at once, for the hot path; a second where a merge touches
    somebody.
    """
    found: list[Seen | None] = [None] * len(person_ids)
    merged: list[int] = []
    for row in await store.seen_at(read, list(institution_ids), list(person_ids)):
        if row.grouped:
            merged.append(row.n - 1)
        else:
            found[row.n - 1] = _seen(read, row)
    if merged:
        asked = [institution_ids[n] for n in merged], [person_ids[n] for n in merged]
        for row in await store.seen_resolved_at(read, *asked):
            found[merged[row.n - 1]] = _seen(read, row)
    return found


def _seen(read: Read, row: store.SeenRow) -> Seen:
    face = unpack(read.vault.open(FACE, row.canonical_id.bytes, row.face_sealed))
    return Seen(row.person_id, row.canonical_id, face, _STATES[row.state], _LEVELS[row.level], row.local_number)


class Resolved(NamedTuple):
    """Whom a person resolves to, and the state of that one."""

    person_id: UUID
    state: PersonState


async def resolved(read: Read, person_ids: Collection[UUID]) -> dict[UUID, Resolved]:
    """Return whom each of these persons resolves to; who does not exist is left out. Opens nothing."""
    rows = await store.whose(read, list(person_ids)) if person_ids else []
    return {row.person_id: Resolved(row.canonical_id, _STATES[row.state]) for row in rows}


async def canonical_of(read: Read, person_id: UUID) -> UUID | None:
    """Return whom this person resolves to: itself unless merged; None when there is no such person."""
    return await store.canonical_of(read, person_id)


async def group_of(read: Read, person_id: UUID) -> list[UUID]:
    """Return everyone who resolves to the same person as this one, that one first; nobody when there is none."""
    return await store.group_of(read, person_id)
