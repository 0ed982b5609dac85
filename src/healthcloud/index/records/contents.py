"""Contents as they are kept: sealed, told apart by a keyed digest, found by truncated fingerprints of their blocks."""

from uuid import UUID

import msgspec

from healthcloud import people
from healthcloud.core.crypto import Vault
from healthcloud.index.matching import Content, Features, Model, block_texts, features_of
from healthcloud.index.model import BLOCK, CONTENT, DIGEST
from healthcloud.index.records.model import Record, RecordState, sealed_for
from healthcloud.index.records.neighbours.store import Block
from healthcloud.index.records.store import RecordRow

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Content)
KEY_BYTES = 8  # of a fingerprint, as a signed number


def pack(content: Content) -> bytes:
    """Return a content as bytes to seal."""
    return _ENCODER.encode(content)


def seal(vault: Vault, record_id: UUID, version: int, content: Content) -> bytes:
    """Seal what a version of a record says."""
    return vault.seal(CONTENT, sealed_for(record_id, version), pack(content))


def open_content(vault: Vault, row: RecordRow) -> Content:
    """Open what a record says."""
    return _DECODER.decode(vault.open(CONTENT, sealed_for(row.id, row.version), row.content_sealed))


def opened(vault: Vault, row: RecordRow) -> Record:
    """Return a record as the front door gives it."""
    return Record(
        row.id,
        row.source_id,
        row.number,
        row.version,
        open_content(vault, row),
        RecordState(row.state),
        row.person_id,
        row.outcome,
        row.rule,
        row.weight,
        row.model,
        row.received_at,
        row.placed_at,
        row.import_id,
        row.line,
    )


def features(vault: Vault, row: RecordRow) -> Features:
    """Open a record and make it ready to be compared."""
    return features_of(open_content(vault, row))


def digests(vault: Vault, source_id: UUID, number: str, content: Content) -> tuple[bytes, ...]:
    """Return what tells whether a source says the same again, under each live key, the current one's first."""
    return vault.fingerprints(DIGEST, digest_text(source_id, number, content))


def digest_text(source_id: UUID, number: str, content: Content) -> str:
    """Return the text of a record's digest; the number of one of the city's is its person's id."""
    return f"{source_id}|{number}|{pack(content).hex()}"


def blocks(vault: Vault, record_id: UUID, made: Features, model: Model) -> list[Block]:
    """Return by what a record is found: its blocks under every live key."""
    found = {
        key_of(fingerprint): number
        for text in block_texts(made, model)
        for number, fingerprint in vault.numbered_fingerprints(BLOCK, text)
    }
    return [Block(key, record_id, number) for key, number in found.items()]


def key_of(fingerprint: bytes) -> int:
    """Return what is kept of a block's fingerprint: its first 8 bytes as a signed number."""
    return int.from_bytes(fingerprint[:KEY_BYTES], "big", signed=True)


def content_of_face(face: people.Face) -> Content:
    """Return what the city itself says of a person."""
    return Content(
        name=face.name,
        sex=face.sex,
        birth_date=face.birth_date,
        document_kind=face.document_kind or None,
        number=face.document_number or None,
        phone=face.phone,
        ethnicity=face.ethnicity,
        nationality=face.nationality,
        issuer=face.document_issuer,
    )
