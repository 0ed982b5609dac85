"""What a message is, the record that is kept of it, and the chain its batches stand in; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from healthcloud.core.caller import Caller
from healthcloud.core.crypto import Purpose, Use, sm3
from healthcloud_reader.evidence import batch_leaf, block_head, head_message, pack, root_of

SCOPE = "exchange.evidence"
BODIES, HEADS = "exchange.evidence", "exchange.evidence-head"
PURPOSES = (Purpose(BODIES, Use.SEAL), Purpose(HEADS, Use.SIGN))
NOBODY = UUID(int=0)
MOST_WHOLE = 256 * 1024  # bytes; of what is larger the digest is kept
GENESIS = bytes(32)
SALT_BYTES = 16
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Message:
    """
    One request and its answer, as they went over the wire.

    `face` is where it came in (api, scan, fhir, family-b, …), `method` what was asked there, without anything of a
    person; `outcome` is "ok" or the problem's code; `headers` those that prove something, a signature above all.
    """

    face: str
    method: str
    caller: Caller | None
    request_id: str
    at: datetime
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    outcome: str
    headers: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MessageLine:
    """Where a message is; nothing of a person. `institution_id` is NOBODY's where nobody was proven."""

    id: UUID
    at: datetime
    institution_id: UUID
    client_id: UUID | None
    face: str
    method: str
    request_id: str
    outcome: str
    batch_id: UUID
    batch_at: datetime
    place: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in one sealed row."""

    id: UUID
    made_at: datetime
    messages: int
    root: bytes
    body_sealed: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch no block holds yet."""

    batch_id: UUID
    made_at: datetime
    root: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """One link of the chain: batches in the order they were sealed, 32 bytes of root for each."""

    seq: int
    sealed_at: datetime
    batch_ids: list[UUID]
    made_ats: list[datetime]
    roots: bytes
    previous: bytes
    head: bytes
    key: str
    algorithm: str
    signature: bytes

    def root(self, place: int) -> bytes:
        """Return the root of the batch at this place."""
        return self.roots[place * _DIGEST : (place + 1) * _DIGEST]

    def leaves(self) -> list[bytes]:
        """Return the leaves of this block's tree."""
        return [batch_leaf(one.bytes, self.root(place)) for place, one in enumerate(self.batch_ids)]

    def computed_head(self) -> bytes:
        """Return the head this block should have."""
        return block_head(self.previous, self.seq, written(self.sealed_at), root_of(self.leaves()))

    @property
    def signed(self) -> bytes:
        """What the signature is over."""
        return head_message(self.seq, self.head, written(self.sealed_at))


def written(at: datetime) -> str:
    """Write an instant in the one way digests are made of."""
    return at.astimezone(UTC).isoformat()


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a record says beside request and answer; `salt` keeps neighbours' digests from being guessed."""

    id: str
    salt: str
    at: str
    face: str
    method: str
    request_id: str
    outcome: str
    request: int
    answer: int
    institution: str | None = None
    client: str | None = None
    key: str | None = None
    headers: Mapping[str, str] | None = None
    request_sm3: str | None = None
    request_bytes: int | None = None
    answer_sm3: str | None = None
    answer_bytes: int | None = None


_ENCODER = msgspec.json.Encoder()


def record_of(message_id: UUID, salt: bytes, message: Message) -> bytes:
    """Return the record of a message; a body over MOST_WHOLE stands in it by length and digest."""
    caller, request, answer = message.caller, message.request, message.answer
    large: dict[str, Any] = {}
    if len(request) > MOST_WHOLE:
        large |= {"request_sm3": sm3(request).hex(), "request_bytes": len(request)}
        request = b""
    if len(answer) > MOST_WHOLE:
        large |= {"answer_sm3": sm3(answer).hex(), "answer_bytes": len(answer)}
        answer = b""
    institution = caller.institution_id if caller else None
    about = About(
        id=message_id.hex,
        salt=salt.hex(),
        at=written(message.at),
        face=message.face,
        method=message.method,
        request_id=message.request_id,
        outcome=message.outcome,
        request=len(request),
        answer=len(answer),
        institution=institution.hex if institution else None,
        client=caller.account_id.hex if caller else None,
        key=caller.key_id.hex if caller and caller.key_id else None,
        headers=message.headers,
        **large,
    )
    return pack(_ENCODER.encode(about), request, answer)


def joined(records: Sequence[bytes]) -> bytes:
    """Put records into one body, each after four bytes of its length."""
    return b"".join(part for one in records for part in (len(one).to_bytes(4, "big"), one))


def parted(body: bytes) -> list[bytes]:
    """Return the records of a body; of one that was cut, those before the cut."""
    records, at = [], 0
    while at + 4 <= len(body):
        length = int.from_bytes(body[at : at + 4], "big")
        records.append(body[at + 4 : at + 4 + length])
        at += 4 + length
    return records
