"""
The golden record's rules: which of the values that sources say is shown, and why; pure.

Of several values of a field is shown, first rule that finds one:

| rule           | what it means                                                     |
|----------------|-------------------------------------------------------------------|
| `corrected`    | set right by a person with evidence; of several the newest        |
| `registry`     | what the population registry confirmed                            |
| `document`     | what a clerk read on the document, face to face                   |
| `most-sources` | what more institutions say than any other value                   |
| `newest`       | the newest word, where as many institutions say one as the other  |
| `only`         | the one value anybody says                                        |
| `register`     | the city's own unverified word, where no institution says anything|
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID


class Field(StrEnum):
    """What is shown of a person; `document` is kind and number, a colon between them."""

    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    DOCUMENT = "document"
    PHONE = "phone"
    ADDRESS = "address"
    ETHNICITY = "ethnicity"
    NATIONALITY = "nationality"


class Authority(IntEnum):
    """How much a word counts, the higher the more."""

    REGISTER = 0  # the city's own, unverified
    SOURCE = 1  # an institution's record
    DOCUMENT = 2  # seen face to face
    REGISTRY = 3  # confirmed by the population registry
    CORRECTED = 4  # set right with evidence


class Rule(StrEnum):
    """By which rule a value is shown."""

    CORRECTED = "corrected"
    REGISTRY = "registry"
    DOCUMENT = "document"
    MOST_SOURCES = "most-sources"
    NEWEST = "newest"
    ONLY = "only"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Said:
    """One source's word on one field; `source_id` is the institution, or the city's own register."""

    field: Field
    value: str
    source_id: UUID
    authority: Authority
    at: datetime


@dataclass(frozen=True, slots=True)
class GoldenField:
    """A shown value: from which source, by which rule, since when, and what others say instead, each once."""

    field: Field
    value: str
    source_id: UUID
    rule: Rule
    at: datetime
    others: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """What is shown of a canonical person; `differs` names the fields in which a verified face says otherwise."""

    person_id: UUID
    fields: tuple[GoldenField, ...]
    differs: tuple[Field, ...] = ()

    def value(self, field: Field) -> str | None:
        """Return the shown value of a field; None where nobody says anything."""
        return next((one.value for one in self.fields if one.field is field), None)


_BY_AUTHORITY = {
    Authority.CORRECTED: Rule.CORRECTED,
    Authority.REGISTRY: Rule.REGISTRY,
    Authority.DOCUMENT: Rule.DOCUMENT,
}


def golden_fields(said: Iterable[Said]) -> tuple[GoldenField, ...]:
    """Choose each field's value; the same whatever the order of the words, fields in the order of `Field`."""
    words = sorted(said, key=lambda one: (one.at, one.source_id, one.value))
    return tuple(
        _chosen(field, of_field) for field in Field if (of_field := [one for one in words if one.field is field])
    )


def _chosen(field: Field, words: list[Said]) -> GoldenField:
    highest = max(one.authority for one in words)
    heard = [one for one in words if one.authority == highest]
    if highest is Authority.SOURCE:
        rule, word = _by_sources(heard)
    else:
        rule, word = _BY_AUTHORITY.get(highest, Rule.REGISTER), heard[-1]
    others = {one.value: one for one in words if one.value != word.value}
    return GoldenField(field, word.value, word.source_id, rule, word.at, tuple(others.values()))


def _by_sources(words: list[Said]) -> tuple[Rule, Said]:
    """Choose among institutions' words: each has one voice for a value, however many records say it."""
    voices: dict[str, set[UUID]] = {}
    for one in words:
        voices.setdefault(one.value, set()).add(one.source_id)
    if len(voices) == 1:
        return Rule.ONLY, words[-1]
    most = max(len(sources) for sources in voices.values())
    ahead = [one for one in words if len(voices[one.value]) == most]
    rule = Rule.MOST_SOURCES if len({one.value for one in ahead}) == 1 else Rule.NEWEST
    return rule, ahead[-1]


def as_date(value: str | None) -> date | None:
    """Read a birth date as golden fields write it."""
    return None if value is None else date.fromisoformat(value)
