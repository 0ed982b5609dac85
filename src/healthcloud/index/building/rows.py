"""The city's records as rows to copy."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud import people
from healthcloud.core.caller import SYSTEM_ACCOUNT
from healthcloud.core.copying import DIGEST_SIZE, NULL, UUID_SIZE, columns, instant, integer, sized, smallint
from healthcloud.core.crypto import Vault
from healthcloud.index.matching import Model, block_texts, features_of
from healthcloud.index.model import BLOCK, CITY, CONTENT, DIGEST
from healthcloud.index.records.contents import KEY_BYTES, content_of_face, digest_text, pack
from healthcloud.index.records.model import RecordState, sealed_for

RECORDS = (
    "id",
    "source_id",
    "number",
    "version",
    "content_sealed",
    "digest",
    "state",
    "person_id",
    "model",
    "received_at",
    "placed_at",
    "received_by",
)
MEMBERS = ("person_id", "record_id")
BLOCKS = ("key", "record_id", "key_number")
_RECORD, _MEMBER, _BLOCK = columns(len(RECORDS)), columns(len(MEMBERS)), columns(len(BLOCKS))
_KEYED = _BLOCK + b"\0\0\0\x08"
_NEGATIVE = _KEYED + b"\x80"  # the first sign of what PostgreSQL reads as less than nothing
_HEAD = UUID_SIZE + CITY.bytes + sized(b"") + integer(1)


@dataclass(frozen=True, slots=True)
class CityRows:
    """Rows as COPY reads them, their columns as in the constants above, each table's in the order of its key."""

    records: list[bytes]
    members: list[bytes]
    blocks: list[bytes]


def rows_of(
    vault: Vault, faces: Sequence[tuple[UUID, people.Face]], model: Model, at: datetime, state: RecordState
) -> CityRows:
    """Return the rows of persons' records in version 1, placed or waiting."""
    seal, digests, fingerprints = vault.sealer(CONTENT), vault.fingerprinter(DIGEST), vault.fingerprinter(BLOCK)
    placed_at = instant(at) if state is RecordState.PLACED else NULL
    stands = sized(state.encode())
    tail = integer(model.version) + instant(at) + placed_at + UUID_SIZE + SYSTEM_ACCOUNT.bytes
    rows = CityRows([], [], [])
    blocks: list[bytes] = []
    for person_id, face in faces:
        content = content_of_face(face)
        own = UUID_SIZE + person_id.bytes
        sealed = sized(seal(sealed_for(person_id, 1), pack(content)))
        [(_, digest), *_] = digests(digest_text(CITY, str(person_id), content))
        record = (_RECORD + own + _HEAD, sealed, DIGEST_SIZE, digest, stands + own, tail)
        rows.records.append(b"".join(record))
        rows.members.append(_MEMBER + own + own)
        keys = {
            fingerprint[:KEY_BYTES]: number
            for text in block_texts(features_of(content), model)
            for number, fingerprint in fingerprints(text)
        }
        blocks += [_KEYED + key + own + smallint(number) for key, number in keys.items()]
    blocks.sort()
    first = bisect_left(blocks, _NEGATIVE)
    rows.blocks.extend(blocks[first:] + blocks[:first])
    return rows
