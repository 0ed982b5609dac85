"""A stored answer, and what a key may look like."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use, sm3

SEAL = "core.idempotent-answer"
FINGERPRINT = "core.idempotent-body"
PURPOSES = (Purpose(SEAL, Use.SEAL), Purpose(FINGERPRINT, Use.FINGERPRINT))
KEPT_FOR = timedelta(hours=24)

_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_PERSONAL = re.compile(r"\d{17}[\dXx]|\d{15}|1\d{10}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the HTTP status and the JSON body; `replayed` when it is the first request's answer again."""

    status: int
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of core.idempotency that another request with this key has committed."""

    body_hash: bytes
    status: int | None
    answer_sealed: bytes | None


def read_key(header: str) -> str | None:
    """
    Return the key in an Idempotency-Key header, bare or quoted (draft-ietf-httpapi-idempotency-key-header), or None.

    A key that is an identity or telephone number is refused: it would be kept in the clear.
    """
    key = header[1:-1] if len(header) > 1 and header[0] == header[-1] == '"' else header
    return key if _KEY.fullmatch(key) and not _PERSONAL.fullmatch(key) else None


def row_of(caller_id: UUID, route: str, key: str) -> bytes:
    """Return what a sealed answer is bound to: its row's primary key."""
    return b"\0".join((caller_id.bytes, route.encode(), key.encode()))


def digest_of(on_behalf_of: UUID | None, target: str, body: bytes) -> str:
    """Return one digest over everything that must be the same for a request to be the same."""
    return sm3(b"\0".join((str(on_behalf_of).encode(), target.encode(), body))).hex()
