"""What matching speaks of: contents of records, what is compared in them, decisions and the model behind them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

import msgspec


@dataclass(frozen=True, slots=True)
class Written:
    """What a source wrote of a person, as text; every field may be missing."""

    name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    document_kind: str | None = None
    number: str | None = None
    phone: str | None = None
    address: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    issuer: str | None = None


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What a source says of a person, read; kept sealed. New fields only at the end."""

    name: str | None = None  # as people.normalise_name has it, where it can
    sex: str = "0"  # GB/T 2261.1
    birth_date: date | None = None
    document_kind: str | None = None  # CV02.01.101
    number: str | None = None  # its one spelling when valid, else as written without spaces
    phone: str | None = None  # the same
    address: str | None = None
    ethnicity: str | None = None  # GB 3304
    nationality: str | None = None  # ISO 3166-1 alpha-3
    birth_written: str | None = None  # a date that does not exist, as the source has it
    issuer: str | None = None  # of a passport: ISO 3166-1 alpha-3


class Outcome(StrEnum):
    """What is decided of two records."""

    LINK = "link"
    REVIEW = "review"
    NONE = "none"


class Part(msgspec.Struct, frozen=True, array_like=True):
    """What one field says: how far it agrees and what that weighs (log2 of the odds; positive: the same person)."""

    field: str
    level: str
    weight: float


class Decision(msgspec.Struct, frozen=True, array_like=True):
    """What is decided of two records, by which rule, and why, field by field; `weight` is the sum of the parts."""

    outcome: Outcome
    rule: str
    weight: float
    parts: tuple[Part, ...]


Key = NewType("Key", str)


class Features(msgspec.Struct, frozen=True, gc=False):
    """A content made ready to be compared; made by `features_of`, never kept."""

    content: Content
    name: str  # variant characters folded, without spaces and dots; Latin: parts sorted, without accents and case
    surname: str
    given: str
    sounds: tuple[str, ...]  # of a Han name, a reading for each character; of others the parts
    blurred: tuple[str, ...]  # the same with the region's sounds folded
    is_han: bool
    is_provisional: bool  # a newborn's, made from its mother's
    sex: str  # "1", "2" or "" when not stated
    birth: date | None  # as stated, else what a valid number says
    hinted_birth: date | None  # birth, else the date within a number that is not valid; only to find candidates
    is_placeholder: bool  # 1 January, as registers write a day nobody knows
    number: str  # as compared; "" when missing or a placeholder
    key: Key | None  # of a valid document
    is_resident: bool  # key is a resident number's
    is_certain: bool  # the valid number agrees with sex and birth date
    number_birth: date | None  # what the valid resident number says
    phone: str  # "" when missing or evidently nobody's
    address: str  # without divisions everybody here shares
    places: tuple[str, ...]  # the words before 路, 村, 小区; Latin: the consonants of the longest words
    house: tuple[str, ...]  # the numbers in it


class Weight(msgspec.Struct, frozen=True, array_like=True):
    """How often a level is seen among records of one person (m) and of two (u), and log2(m/u)."""

    m: float
    u: float
    bits: float


class Model(msgspec.Struct, frozen=True):
    """A frozen version of what is known of a population: decisions under one model never change."""

    version: int
    weights: dict[str, dict[str, Weight]]  # by field and level
    surnames: dict[str, float]  # the share of persons bearing it, of those common enough to be listed
    given: dict[str, float]  # the share of a character (Latin: of a part) among those of given names
    rest_surname: float  # the share taken for one not listed
    rest_given: float
    usual_bits: float  # how rare two equal names are in the mean, log2; rarer ones weigh more by the difference
    link: float  # from this weight on records are joined
    review: float  # from this weight on people are asked
    link_names: tuple[str, ...]  # levels of the name at which the machine may join
    link_births: tuple[str, ...]  # the same of the birth date
    needs_support: bool = True  # joining needs number, phone or address besides name and birth date
