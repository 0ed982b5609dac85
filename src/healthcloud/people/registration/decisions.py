"""What becomes of a wish, seen beside what is registered: somebody new, somebody known, or a refusal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from healthcloud.core.errors import Problem
from healthcloud.people.errors import DocumentBelongsToAnother, IdentityConflict
from healthcloud.people.identities.model import Claim, Owner
from healthcloud.people.registration.claims import Case
from healthcloud.people.registration.model import agrees
from healthcloud.people.seen.model import Face


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A canonical person with their face opened."""

    person_id: UUID
    state: str
    level: int
    version: int
    face: Face


@dataclass(frozen=True, slots=True)
class Fresh:
    """Somebody not known yet."""

    case: Case


@dataclass(frozen=True, slots=True)
class Same:
    """
    Somebody known already, and what this registration adds.

    `handed_over` are fingerprints claimed for the wish that belong to the known person; `new_documents` are the places
    of documents nobody had.
    """

    case: Case
    person: Acquaintance
    handed_over: tuple[Claim, ...]
    new_documents: tuple[int, ...]

    @property
    def new_phone(self) -> str | None:
        """The phone number, where the person has none; another one is never overwritten."""
        return self.case.registration.phone if self.person.face.phone is None else None

    @property
    def level(self) -> int:
        """The level from now on; it only ever rises."""
        return max(self.person.level, self.case.wish.verification.level)

    @property
    def face(self) -> Face:
        """The face from now on: what was missing is filled in, nothing is overwritten."""
        face, registration = self.person.face, self.case.registration
        if self.new_phone:
            face = msgspec.structs.replace(face, phone=self.new_phone)
        if not face.document_number and registration.documents:
            first = registration.documents[0]
            face = msgspec.structs.replace(
                face, document_kind=first.kind, document_number=first.number, document_issuer=first.issuer
            )
        return msgspec.structs.replace(
            face,
            ethnicity=face.ethnicity or registration.ethnicity,
            nationality=face.nationality or registration.nationality,
        )

    @property
    def changes_person(self) -> bool:
        """Tell whether the person's row changes."""
        return self.face != self.person.face or self.level != self.person.level


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a wish is not carried out, and about whom its refusal is kept, where it touches somebody."""

    case: Case
    problem: Problem
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Vanished:
    """A row was there when it was claimed and gone when it was read; the wish must be tried again."""

    case: Case


def decide(
    case: Case,
    claimed: frozenset[bytes],
    owners: Mapping[bytes, Owner],
    persons: Mapping[UUID, Acquaintance],
) -> Fresh | Same | Refused | Vanished:
    """Decide a wish: `claimed` are fingerprints that were free, `owners` those of the others."""
    lost = [claim for claim in case.claims if claim.fingerprint not in claimed]
    if not lost:
        return Fresh(case)
    found = [owners.get(claim.fingerprint) for claim in lost]
    theirs = {owner.person_id: persons.get(owner.person_id) for owner in found if owner is not None}
    if None in found or None in theirs.values() or any(p.state == "withdrawn" for p in theirs.values() if p):
        return Vanished(case)
    known = {person.person_id: person for person in theirs.values() if person is not None}
    first = next(iter(known.values()))
    if len(known) > 1:
        return Refused(case, DocumentBelongsToAnother(), first.person_id)
    if not agrees(first.face, case.registration):
        return Refused(case, IdentityConflict(), first.person_id)
    return _same(case, first, claimed, owners)


def _same(case: Case, person: Acquaintance, claimed: frozenset[bytes], owners: Mapping[bytes, Owner]) -> Same:
    # A document is known under one of its fingerprints though free under another while a key is being rotated.
    stored = {claim.document_id: owners[claim.fingerprint] for claim in case.claims if claim.fingerprint not in claimed}
    handed_over = []
    for claim in case.claims:
        if claim.fingerprint in claimed:
            owner = stored.get(claim.document_id)
            owner_id, document_id = (
                (owner.person_id, owner.document_id) if owner else (person.person_id, claim.document_id)
            )
            handed_over.append(replace(claim, person_id=owner_id, document_id=document_id))
    new = [place for place, document_id in enumerate(case.document_ids) if document_id not in stored]
    return Same(case, person, tuple(handed_over), tuple(new))
