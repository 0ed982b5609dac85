"""A registration on its way: the rows it claims, and which of a batch must wait for one another. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.crypto import Vault
from healthcloud.core.ids import new_id
from healthcloud.people.identities.model import Claim, claims_of
from healthcloud.people.model import PHONE_INDEX
from healthcloud.people.registration.model import Mother, Registration, Wish, birth_keys, completed

Numbered: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """
    One wish of a batch. `person_id` and `document_ids` become real if nobody has these documents yet.

    `phones` holds the number's fingerprints with their key numbers, the current key's first.
    """

    place: int
    caller: Caller
    wish: Wish
    person_id: UUID
    document_ids: tuple[UUID, ...]
    claims: tuple[Claim, ...]
    phones: tuple[Numbered, ...]
    mother: Mother | None

    @property
    def registration(self) -> Registration:
        """What is to be registered."""
        return self.wish.registration

    @property
    def local_number(self) -> tuple[UUID, str] | None:
        """The patient number with the institution whose it is."""
        number, institution_id = self.registration.local_number, self.caller.institution_id
        return (institution_id, number) if number and institution_id else None


def case_of(vault: Vault, place: int, caller: Caller, wish: Wish, mother: Mother | None) -> Case:
    """Make the ids and fingerprints of a wish."""
    registration = wish.registration
    if mother is not None:
        registration = completed(registration, mother)
    person_id, document_ids = new_id(), tuple(new_id() for _ in registration.documents)
    keys: list[tuple[str, UUID | None]] = [
        (document.key, document_id) for document, document_id in zip(registration.documents, document_ids, strict=True)
    ]
    if registration.birth is not None and mother is not None:
        keys += [(key, None) for key in birth_keys(registration.birth, mother)]
    return Case(
        place=place,
        caller=caller,
        wish=replace(wish, registration=registration),
        person_id=person_id,
        document_ids=document_ids,
        claims=tuple(claim for key, document_id in keys for claim in claims_of(vault, key, person_id, document_id)),
        phones=vault.numbered_fingerprints(PHONE_INDEX, registration.phone) if registration.phone else (),
        mother=mother,
    )


def in_rounds(cases: Iterable[Case]) -> list[list[Case]]:
    """Put cases that ask for one row into different rounds, in their order; each round is one set of statements."""
    rounds: list[list[Case]] = []
    last_round: dict[bytes | str, int] = {}
    for case in cases:
        keys = _locked_by(case)
        number = 1 + max((last_round.get(key, -1) for key in keys), default=-1)
        last_round |= dict.fromkeys(keys, number)
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(case)
    return rounds


def _locked_by(case: Case) -> list[bytes | str]:
    keys: list[bytes | str] = [claim.fingerprint for claim in case.claims]
    keys += [fingerprint for _, fingerprint in case.phones]
    if case.registration.local_number is not None:
        keys.append(f"{case.caller.institution_id}|{case.registration.local_number}")
    return keys


def in_lock_order(cases: Sequence[Case]) -> list[Claim]:
    """Return every claim of a round, sorted, so that two rounds never wait for each other."""
    return sorted((claim for case in cases for claim in case.claims), key=lambda claim: claim.fingerprint)
