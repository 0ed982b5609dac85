"""What is claimed of people.document_index: one row for each live key, so that a rotation lets nobody in twice."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.crypto import Vault
from healthcloud.people.model import IDENTITY_INDEX


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of people.document_index somebody asks for."""

    fingerprint: bytes
    key_number: int
    person_id: UUID
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a fingerprint is."""

    fingerprint: bytes
    person_id: UUID
    document_id: UUID | None


def claims_of(vault: Vault, key: str, person_id: UUID, document_id: UUID | None) -> list[Claim]:
    """Return the rows that make this key a person's."""
    return [
        Claim(fingerprint, number, person_id, document_id)
        for number, fingerprint in vault.numbered_fingerprints(IDENTITY_INDEX, key)
    ]


def fingerprints_of(vault: Vault, key: str) -> list[bytes]:
    """Return what a key is looked up by."""
    return list(vault.fingerprints(IDENTITY_INDEX, key))
