"""What a client and its keys are; pure."""

import string
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

SECRET_BYTES = 32
APP_SECRET_LENGTH = 16
APP_SECRET_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Client:
    """An institution's machine."""

    id: UUID
    institution_id: UUID
    name: str
    scopes: list[str]
    quota_per_second: int
    created_at: datetime
    revoked_at: datetime | None
    mac: bytes
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One of its keys; `place` is 1 or 2."""

    id: UUID
    client_id: UUID
    institution_id: UUID
    place: int
    algorithm: str
    secret_sealed: bytes
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """A key with its client, as a request must know them."""

    id: UUID
    client_id: UUID
    institution_id: UUID
    algorithm: str
    secret_sealed: bytes
    expires_at: datetime | None
    revoked_at: datetime | None
    client_institution_id: UUID
    scopes: list[str]
    quota_per_second: int
    client_revoked_at: datetime | None
    mac: bytes
    addresses: list[str]

    def is_live(self, at: datetime) -> bool:
        """Tell whether this key may sign at this instant."""
        return (
            self.revoked_at is None
            and self.client_revoked_at is None
            and (self.expires_at is None or self.expires_at > at)
            and self.institution_id == self.client_institution_id
        )


class KeysCounted(NamedTuple):
    """How many keys may sign for an institution."""

    institution_id: UUID
    keys: int


class Nonce(NamedTuple):
    """A nonce that a key has signed with; after `expires_at` the request's time alone would refuse it."""

    key_id: UUID
    nonce: str
    expires_at: datetime


def client_rights_text(client_id: UUID, institution_id: UUID, scopes: list[str], addresses: list[str]) -> str:
    """Write what a client may do and from where, in one way only: what its MAC covers. From anywhere adds no line."""
    held = [f"@{address}" for address in sorted(addresses)]
    return "\n".join(("client", client_id.hex, institution_id.hex, *sorted(scopes), *held))


def secret_row(key_id: UUID, client_id: UUID) -> bytes:
    """Return what a sealed secret is bound to: its key, and the client it must stay with."""
    return key_id.bytes + client_id.bytes
