"""What a deed is, the words people read for it, and how deeds become a chain; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from healthcloud.core.crypto import sm3

Detail = Mapping[str, str | int | bool | None]

DIGEST_LENGTH = 32
GENESIS = bytes(DIGEST_LENGTH)


@dataclass(frozen=True, slots=True)
class DeedKind:
    """One kind of deed: a stable name `feature.what-happened` and the sentence its subject reads."""

    name: str
    zh: str
    en: str


_DECLARED: dict[str, DeedKind] = {}


def declare(*kinds: DeedKind) -> None:
    """Make kinds of deeds known, once per feature at import; a deed nobody can read is never written."""
    for kind in kinds:
        if _DECLARED.setdefault(kind.name, kind) != kind:
            message = f"deed {kind.name!r} is declared twice"
            raise ValueError(message)


def declared_deeds() -> Mapping[str, DeedKind]:
    """Return every declared kind by name."""
    return _DECLARED


def kind_of(name: str) -> DeedKind:
    """Return the declared kind; an undeclared name is a fault of the caller's code."""
    if name not in _DECLARED:
        message = f"deed {name!r} is not declared"
        raise ValueError(message)
    return _DECLARED[name]


def words_for(name: str) -> DeedKind:
    """Return the words for a stored deed; one written by a version of long ago is told by its name."""
    return _DECLARED.get(name, DeedKind(name, name, name))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feature asks to have written: `subject_id` is whom or what the deed touched, usually a person."""

    deed: str
    subject_id: UUID
    outcome: str = "done"
    reason: str | None = None
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit trail as stored."""

    subject_id: UUID
    at: datetime
    id: UUID
    deed: str
    actor_kind: str
    actor_id: UUID
    institution_id: UUID | None
    terminal_id: UUID | None
    on_behalf_of: UUID | None
    outcome: str
    reason: str | None
    detail: dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Block:
    """Some deeds linked in the order they were sealed; `digests` holds 32 bytes a deed."""

    seq: int
    sealed_at: datetime
    subject_ids: list[UUID]
    ats: list[datetime]
    deed_ids: list[UUID]
    digests: bytes
    previous: bytes
    head: bytes

    def digest(self, position: int) -> bytes:
        """Return the sealed digest of the deed at this position."""
        return self.digests[position * DIGEST_LENGTH : (position + 1) * DIGEST_LENGTH]


def digest_of(deed: Deed) -> bytes:
    """Return the SM3 digest over every column of a deed, in a form with one spelling only."""
    return sm3(
        msgspec.json.encode(
            (
                deed.subject_id.hex,
                int(deed.at.astimezone(UTC).timestamp() * 1_000_000 + 0.5),
                deed.id.hex,
                deed.deed,
                deed.actor_kind,
                deed.actor_id.hex,
                deed.institution_id and deed.institution_id.hex,
                deed.terminal_id and deed.terminal_id.hex,
                deed.on_behalf_of and deed.on_behalf_of.hex,
                deed.outcome,
                deed.reason,
                sorted(deed.detail.items()),
            )
        )
    )


def head_of(seq: int, previous: bytes, deed_ids: Sequence[UUID], digests: bytes) -> bytes:
    """Return a block's head: SM3 over the head before it, its number, its deeds' ids and their digests."""
    return sm3(previous + seq.to_bytes(8, "big") + b"".join(i.bytes for i in deed_ids) + digests)


def link(deeds: Sequence[Deed], *, seq: int, previous: bytes, sealed_at: datetime) -> Block:
    """Make the next block of the chain from deeds in sealing order."""
    digests = b"".join(map(digest_of, deeds))
    ids = [deed.id for deed in deeds]
    return Block(
        seq=seq,
        sealed_at=sealed_at,
        subject_ids=[deed.subject_id for deed in deeds],
        ats=[deed.at for deed in deeds],
        deed_ids=ids,
        digests=digests,
        previous=previous,
        head=head_of(seq, previous, ids, digests),
    )
