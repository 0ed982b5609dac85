"""A face: the one sealed value a scan needs of a person, and how it looks masked."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from healthcloud.people.documents.model import mask_number
from healthcloud.people.model import Level, PersonState
from healthcloud.people.names.model import mask_name


class Face(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """
    What identifies a person to people; stored as one sealed MessagePack array, new fields only at its end.

    `sex` is GB/T 2261.1, `ethnicity` GB 3304 (民族), `nationality` alpha-3 (国籍); `document_issuer` is set for
    passports. A person without a document of their own has kind and number empty.
    """

    name: str
    sex: str
    birth_date: date
    document_kind: str = ""
    document_number: str = ""
    document_issuer: str | None = None
    phone: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Face)


def pack(face: Face) -> bytes:
    """Return the face as bytes to seal."""
    return _ENCODER.encode(face)


def unpack(packed: bytes) -> Face:
    """Return the face of opened bytes; about 1 µs."""
    return _DECODER.decode(packed)


class Seen(NamedTuple):
    """
    A person as one institution meets them.

    `person_id` is the one asked for, `canonical_id` the one it resolves to; the face, state and level are those of the
    canonical person. `local_number` is the institution's own latest patient number for any of the group.
    """

    person_id: UUID
    canonical_id: UUID
    face: Face
    state: PersonState
    level: Level
    local_number: str | None


class MaskedFace(NamedTuple):
    """A face as shown by default: of the birth date only the year, since the rest would complete the number."""

    name: str
    sex: str
    birth_year: int
    document_kind: str
    document_number: str
    phone: str | None


def masked(face: Face) -> MaskedFace:
    """Mask a face (脱敏)."""
    return MaskedFace(
        name=mask_name(face.name),
        sex=face.sex,
        birth_year=face.birth_date.year,
        document_kind=face.document_kind,
        document_number=mask_number(face.document_number) if face.document_number else "",
        phone=mask_phone(face.phone) if face.phone else None,
    )


def mask_phone(phone: str) -> str:
    """Mask a phone number: 13800000000 → 138****0000; other numbers keep two digits at each end."""
    if len(phone) == 11:  # noqa: PLR2004 - a mobile number of the mainland
        return f"{phone[:3]}****{phone[-4:]}"
    return phone[:2] + "*" * max(len(phone) - 4, 1) + phone[-2:]


def mask_face_name(seen: Seen | None) -> str | None:
    """Return somebody's masked name, where there is somebody."""
    return mask_name(seen.face.name) if seen is not None else None
