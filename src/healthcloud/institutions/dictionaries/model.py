"""What a mapping is, which dictionaries there are, and how a value is read by them; pure."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from healthcloud.institutions.codes import Code
from healthcloud.institutions.dictionaries.spelling import fold, words_of

Direction = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One dictionary: the city's code set of that name, and what stands for a value nobody has mapped.

    `other` is the set's 其他 row, `unsaid` what stands where nothing was said; None where the set has none, and then
    the value is left out. `by` names the column that is the city's code where it is not the set's own, `also` a set
    whose codes are good too, `words` a column of further words. One-way dictionaries are read and never said back.
    """

    other: str | None = None
    unsaid: str | None = None
    by: str | None = None
    also: str | None = None
    words: str | None = None
    one_way: bool = False


SETS: AnyMapping[str, Rule] = {
    "sex": Rule(other="9", unsaid="9"),
    "ethnic-group": Rule(other="97", words="letters"),
    "identity-document-kind": Rule(other="99"),
    "country": Rule(by="alpha3"),
    "marital-status": Rule(other="90", unsaid="90"),
    "standard-department": Rule(),
    "med-step": Rule(other="000000", also="tencent-scene", words="hospital_pages", one_way=True),
    "visit-type": Rule(other="T"),
    "card-channel": Rule(),
    "terminal-kind": Rule(other="99"),
    "cost-type": Rule(other="0000"),
    "application-mode": Rule(),
    "person-kind": Rule(),
    "department-type": Rule(other="10"),
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A value in the other's words; not known: the dictionary's 其他, or None where it has none."""

    code: str | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class MappingWish:
    """That an institution's `theirs` means the city's `ours`; `is_answer` None: said back if nothing else is."""

    theirs: str
    ours: str
    label: str | None = None
    is_answer: bool | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as it stands; `spelling` is `theirs` as it is looked up."""

    set_name: str
    spelling: str
    theirs: str
    ours: str
    label: str | None
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A value taken for 其他; `direction` is what it was to be turned into."""

    set_name: str
    direction: str
    value: str
    count: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    How far a dictionary reaches, in both directions.

    `given` of the institution's values have a mapping of its own, `unmapped` were seen without meaning (`times` in
    all). Of the city's `codes`, `answered` can be said back in the institution's words, `missing` cannot; an
    institution that gave no word to say back is answered in the city's own codes (`speaks_own` is false).
    """

    set_name: str
    given: int
    unmapped: int
    times: int
    codes: int
    answered: int
    missing: tuple[str, ...]
    speaks_own: bool
    one_way: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of a file that was not taken, and why."""

    line: int
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file came to: how many mappings are new or changed, how many stood already, which lines were rejected."""

    changed: int
    unchanged: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class StandardSet:
    """A set in force: its codes with their labels, the codes good besides, and every word that means one."""

    labels: dict[str, str]
    good: frozenset[str]
    spelled: dict[str, str]
    words: dict[str, str]

    def read(self, text: str, *, bare: bool = True) -> str | None:
        """Return the code a folded value means; with `bare` false only words do, no codes."""
        found = self.words.get(text)
        if found is None and bare:
            found = self.spelled.get(text) or (self.spelled.get(text.lstrip("0") or "0") if text.isdecimal() else None)
        return found


def standard_set(set_name: str, codes: Iterable[Code], also: Iterable[Code] = ()) -> StandardSet:
    """Return a set as values are read by it: by code (its leading zeros may be gone), label, and what else is said."""
    one = SETS[set_name]
    spelled: dict[str, str] = {}
    words = words_of(set_name)
    labels: dict[str, str] = {}
    for code in codes:
        ours = code.attributes.get(one.by, "") if one.by else code.code
        if not ours:
            continue
        labels[ours] = code.label
        spelled |= _spellings(ours) | _spellings(code.code, ours)
        further = code.attributes.get(one.words, "").split() if one.words else []
        for word in (code.label, code.label_en or "", code.label.removesuffix("族"), *further):
            words.setdefault(fold(word), ours)
    more = [code.code for code in also]
    for code_ in more:
        spelled |= _spellings(code_)
    words.pop("", None)
    return StandardSet(labels, frozenset((*labels, *more)), spelled, words)


def _spellings(code: str, ours: str | None = None) -> dict[str, str]:
    folded = fold(code)
    short = folded.lstrip("0") or "0"
    return {folded: ours or code} | ({short: ours or code} if folded.isdecimal() else {})


@dataclass(frozen=True, slots=True)
class Book:
    """An institution's mappings as they are looked up: in, by spelling; out, by code; `own` sets number otherwise."""

    inward: dict[tuple[str, str], str] = field(default_factory=dict)
    outward: dict[tuple[str, str], str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    speaks: frozenset[str] = frozenset()


def book_of(mappings: Iterable[Mapping], standards: AnyMapping[str, StandardSet]) -> Book:
    """
    Return mappings as they are looked up.

    An institution that gives one of the standard's codes another meaning has a numbering of its own, so none of its
    other codes is read by the standard: what it did not map is unmapped, never mistaken.
    """
    said = list(mappings)
    own = {
        one.set_name
        for one in said
        if one.set_name in standards and standards[one.set_name].spelled.get(one.spelling, one.ours) != one.ours
    }
    return Book(
        {(one.set_name, one.spelling): one.ours for one in said},
        {(one.set_name, one.ours): one.theirs for one in said if one.is_answer},
        frozenset(own),
        frozenset(one.set_name for one in said if one.is_answer),
    )


def read_ours(book: Book, standard: StandardSet, set_name: str, theirs: str) -> Mapped:
    """Return the city's code for an institution's value: by its own mapping, then by the standard, else 其他."""
    text = fold(theirs)
    if not text:
        return Mapped(SETS[set_name].unsaid, is_known=False)
    found = book.inward.get((set_name, text)) or standard.read(text, bare=set_name not in book.own)
    return Mapped(SETS[set_name].other, is_known=False) if found is None else Mapped(found, is_known=True)


def read_theirs(book: Book, standard: StandardSet, set_name: str, ours: str) -> Mapped:
    """Return an institution's value for the city's code: its own, or its own 其他; the code where it has no words."""
    found = book.outward.get((set_name, ours))
    if found is not None:
        return Mapped(found, is_known=True)
    if set_name not in book.speaks:
        return Mapped(ours, is_known=True) if ours in standard.good else Mapped(SETS[set_name].other, is_known=False)
    other = SETS[set_name].other
    return Mapped(None if other is None else book.outward.get((set_name, other), other), is_known=False)


def coverage(
    set_name: str, standard: StandardSet, mappings: Sequence[Mapping], book: Book, unmapped: Sequence[Unmapped]
) -> Coverage:
    """Return how far a dictionary reaches."""
    speaks = set_name in book.speaks
    answered = {code for code in standard.labels if not speaks or (set_name, code) in book.outward}
    strange = [one for one in unmapped if one.set_name == set_name and one.direction == "ours"]
    return Coverage(
        set_name,
        given=sum(one.set_name == set_name for one in mappings),
        unmapped=len(strange),
        times=sum(one.count for one in strange),
        codes=len(standard.labels),
        answered=len(answered),
        missing=tuple(code for code in standard.labels if code not in answered),
        speaks_own=speaks,
        one_way=SETS[set_name].one_way,
    )


@dataclass(frozen=True, slots=True)
class Miss:
    """A value nobody has mapped, as it is reported."""

    institution_id: UUID
    set_name: str
    direction: Direction
    value: str
