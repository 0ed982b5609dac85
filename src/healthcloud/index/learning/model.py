"""Versions of the model records are compared under, and what a batch found out about one; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from healthcloud.core.crypto import sm3
from healthcloud.index.matching import Model

SHIPPED = 1


class VersionState(StrEnum):
    """What became of a version: one at most is adopted; without any the shipped one is live."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    RETIRED = "retired"


class Measures(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    What a batch found over the whole index under the weights it learned.

    `pairs` were compared, `links` of them weigh enough to be joined. `expected_precision` is the mean probability of
    those links by the weights themselves: an estimate, no proof. `both`, `only_new` and `only_live` count pairs that
    this model, the records' persons as they are, or both join; `kept` names levels too rare to be learned here, whose
    weights are the live model's.
    """

    engine: str
    records: int
    pairs: int
    links: int
    expected_precision: float
    both: int
    only_new: int
    only_live: int
    questions: int = 0
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A version and its history; the shipped one has none."""

    version: int
    state: VersionState
    measures: Measures | None = None
    proposed_at: datetime | None = None
    proposed_by: UUID | None = None
    adopted_at: datetime | None = None
    adopted_by: UUID | None = None
    retired_at: datetime | None = None
    retired_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A model as it is stored; its digest says in every process which one it is."""

    data: bytes
    digest: bytes


_MODELS = msgspec.json.Decoder(Model)
_MEASURES = msgspec.json.Decoder(Measures)


def pack(model: Model) -> Packed:
    """Write a model down."""
    data = msgspec.json.encode(model, order="deterministic")
    return Packed(data, sm3(data))


def unpack(data: bytes) -> Model:
    """Read a model back."""
    return _MODELS.decode(data)


def pack_measures(measures: Measures) -> bytes:
    """Write measures down."""
    return msgspec.json.encode(measures)


def unpack_measures(data: bytes) -> Measures:
    """Read measures back."""
    return _MEASURES.decode(data)
