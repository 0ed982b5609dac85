"""What the consoles' pages are put together from: cells, tables, sections, the fields of a form; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Cell:
    """
    What stands in one place: a text, perhaps a link, or an instant.

    `tone` (ok, warn, danger, quiet) makes the text a label; `code` sets it in fixed width, to be copied.
    """

    text: str = ""
    href: str = ""
    at: datetime | None = None
    tone: str = ""
    code: bool = False


Value: TypeAlias = str | int | Cell | None
Row: TypeAlias = Sequence[Value]
Pairs: TypeAlias = Sequence[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `more` leads to the rows after these, `empty` says why there are none and what to do."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    empty: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A link to something one can do; kind is act, quiet or danger."""

    href: str
    label: str
    kind: str = "quiet"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under its heading."""

    title: str
    pairs: Pairs = ()
    tables: Sequence[Table] = ()
    actions: Sequence[Action] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: text, area, select, choices, tick, date or code (a one-time code)."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    required: bool = True
    maxlength: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form: what is checked before it, its fields, and the words of its button."""

    act: str
    fields: Sequence[Field] = ()
    review: Pairs = ()
    about: Sequence[str] = ()
    warning: str = ""
    kind: str = "act"
    hidden: Sequence[tuple[str, str]] = ()
    change: str = ""  # of what is checked before it is done: the address where it is changed


def at(moment: datetime | None) -> Cell:
    """Return an instant as shown, in the city's time."""
    return Cell(at=moment)


def query(path: str, **values: str | None) -> str:
    """Return a path with those values that say something."""
    said = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(said)}" if said else path
