"""
HL7 v2 messages (chapter 2): bytes to segments and fields, as far as this face needs them. Pure.

Decoded before it is divided: the second byte of a GBK character may be a separator. `hl7` of PyPI reads the same in
438 µs a message, this in a tenth; tests compare the two.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from healthcloud.core.clock import SHANGHAI
from healthcloud.gateway.hl7.errors import (
    CharsetUnknown,
    CharsetWrong,
    ControlIdMissing,
    HeaderMissing,
    SegmentWrong,
)

LONGEST_CONTROL_ID = 199
ENVELOPES = frozenset({"FHS", "BHS", "BTS", "FTS"})
UTF_8, GB_18030 = "utf-8", "gb18030"

# Table 0211 and how hospitals write it, without blanks and signs; ASCII and nothing are looked at more closely.
_CHARSETS = {
    "UNICODEUTF8": UTF_8,
    "UTF8": UTF_8,
    "GB180302000": GB_18030,
    "GB18030": GB_18030,
    "GBK": GB_18030,
    "GB2312": GB_18030,
    "ASCII": None,
    "USASCII": None,
    "ISOIR6": None,
    "": None,
}
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
_LINES = re.compile(r"\r\n|\r|\n")
_ESCAPED = re.compile(r"\\(?:([FSTRE])|X((?:[0-9A-Fa-f]{2})+)|\.[a-z]+[+-]?[0-9]*|[HN]|[CMZ][0-9A-Fa-f]*)\\")
_TIME = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d{1,6})?)?(?:([+-])(\d{2})(\d{2}))?", re.ASCII
)
_PLAIN = "^~\\&"


class Separators(NamedTuple):
    """The signs a message divides itself by: MSH-1 and MSH-2."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; `fields[n]` is field n as written, the name at 0."""

    name: str
    fields: Sequence[str]
    separators: Separators

    def raw(self, field: int) -> str:
        """Return a field as written; empty when it is not there."""
        return self.fields[field] if field < len(self.fields) else ""

    def repetitions(self, field: int) -> list[str]:
        """Return the repetitions of a field as written, none when it is empty."""
        text = self.raw(field)
        return text.split(self.separators.repetition) if text else []

    def get(self, field: int, component: int = 1) -> str:
        """Return a component's text of a field's first repetition; empty when not there, or when it says delete."""
        return self.part(self.raw(field).partition(self.separators.repetition)[0], component)

    def part(self, repetition: str, component: int) -> str:
        """Return the text of a component of a repetition, its first subcomponent."""
        parts = repetition.split(self.separators.component)
        text = parts[component - 1] if component <= len(parts) else ""
        text = text.partition(self.separators.subcomponent)[0].strip()
        return "" if text == '""' else unescaped(text, self.separators)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `charset` is the codec it was written in, `text` the whole of it."""

    header: Segment
    segments: tuple[Segment, ...]
    charset: str
    text: str

    def first(self, name: str) -> Segment | None:
        """Return the first segment of a name."""
        return next((one for one in self.segments if one.name == name), None)

    @property
    def code(self) -> str:
        """MSH-9.1, the type of message."""
        return self.header.get(9, 1)

    @property
    def event(self) -> str:
        """MSH-9.2, its event; that of EVN-1 where it was left out."""
        event = self.header.get(9, 2)
        evn = None if event else self.first("EVN")
        return event if evn is None else evn.get(1)

    @property
    def kind(self) -> str:
        """Type and event as they are written: `ADT^A01`."""
        return f"{self.code}^{self.event}" if self.event else self.code

    @property
    def control_id(self) -> str:
        """MSH-10."""
        return self.header.get(10)

    @property
    def facility(self) -> str:
        """MSH-4, the sending facility: its namespace, else its universal id."""
        return self.header.get(4, 1) or self.header.get(4, 2)


def read_message(data: bytes) -> Message:
    """Read a message without its frame; raise what is wrong with it."""
    charset = charset_of(data)
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        raise CharsetWrong(charset=charset) from None
    header, *rest = _segments(text)
    message = Message(header, (header, *rest), charset, text)
    if not 1 <= len(message.control_id) <= LONGEST_CONTROL_ID or not message.control_id.isprintable():
        raise ControlIdMissing
    return message


def header_of(data: bytes) -> Segment | None:
    """Return as much of an MSH as can be had of bytes that may be no message at all: what an ACK is made from."""
    at = data.find(b"MSH")
    if at < 0:
        return None
    line = re.split(rb"[\r\n]", data[at : at + 4096], maxsplit=1)[0]
    for charset in (UTF_8, GB_18030):
        try:
            return _header(line.decode(charset))
        except (UnicodeDecodeError, HeaderMissing):
            continue
    return None


def charset_of(data: bytes) -> str:
    """
    Return the codec of a message: what MSH-18 names, the first repetition of it.

    Where that says ASCII or nothing, UTF-8 if the whole of it is that, else GB 18030. An MSH that is not ASCII itself
    is read both ways, and must name the way it was read.
    """
    line = re.split(rb"[\r\n]", _from_header(data), maxsplit=1)[0]
    told: list[tuple[str, str | None]] = []
    for charset in (UTF_8, GB_18030):
        try:
            named = _header(line.decode(charset)).get(18)
        except UnicodeDecodeError:
            continue
        key = re.sub(r"[^0-9A-Z]", "", named.upper())
        if key in _CHARSETS:
            told.append((charset, _CHARSETS[key]))
        if line.isascii() or (key in _CHARSETS and _CHARSETS[key] == charset):
            break
    if not told:
        raise CharsetUnknown
    read_as, named_as = told[-1]
    if named_as is not None and (line.isascii() or named_as == read_as):
        return named_as
    return UTF_8 if named_as is None and _is_utf8(data) else GB_18030


def unescaped(text: str, separators: Separators) -> str:
    r"""Return a text with its escape sequences read: `\F\` and the like, `\X…\`; formatting is left out (2.7)."""
    if separators.escape not in text:
        return text
    plain = text if separators.escape == "\\" else text.replace(separators.escape, "\\")
    signs = dict(zip("FSRET", separators, strict=True))

    def read(found: re.Match[str]) -> str:
        if found[1]:
            return signs[found[1]]
        return bytes.fromhex(found[2]).decode(errors="replace") if found[2] else " "

    return _ESCAPED.sub(read, plain)


def escaped(text: str, *, separators: str = "|^~\\&") -> str:
    """Return text as it may stand in a field of a message with the usual separators."""
    if not text or text.isalnum():
        return text
    signs = dict(zip(separators, "FSRET", strict=True))
    return "".join(f"\\{signs[one]}\\" if one in signs else " " if one in "\r\n" else one for one in text)


def read_time(text: str) -> datetime | None:
    """Return an HL7 date and time (DTM) as an instant, of Asia/Shanghai where it names no zone; None if it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    parts = zip(found.groups()[:6], _LOWEST, strict=True)
    year, month, day, hour, minute, second = (int(one) if one else low for one, low in parts)
    zone: tzinfo = SHANGHAI
    if found[7]:
        away = timedelta(hours=int(found[8]), minutes=int(found[9]))
        zone = timezone(away if found[7] == "+" else -away) if away < timedelta(days=1) else SHANGHAI
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except ValueError:
        return None


_LOWEST = (1, 1, 1, 0, 0, 0)


def _segments(text: str) -> list[Segment]:
    found: list[Segment] = []
    separators: Separators | None = None
    for at, line in enumerate(_LINES.split(text.removeprefix("\ufeff")), 1):
        if not line.strip() or line[:3] in ENVELOPES:
            continue
        if separators is None:
            header = _header(line)
            separators = header.separators
            found.append(header)
            continue
        if not _NAME.fullmatch(line[:3]) or line[3:4] not in ("", separators.field):
            raise SegmentWrong(line=at)
        found.append(Segment(line[:3], line.split(separators.field), separators))
    if not found:
        raise HeaderMissing
    return found


def _header(line: str) -> Segment:
    field = line[3:4]
    encoding = line[4:].partition(field)[0] if field else ""
    # MSH-2 has a fifth sign since 2.7, and may leave out the last ones.
    whole = (encoding + _PLAIN[len(encoding) :])[: len(_PLAIN)]
    signs = {field, *whole}
    if not line.startswith("MSH") or not 1 < len(encoding) <= len(_PLAIN) + 1 or len(signs) <= len(_PLAIN):
        raise HeaderMissing
    if any(one.isalnum() or one.isspace() for one in signs):
        raise HeaderMissing
    separators = Separators(field, *whole)
    fields = line.split(field)
    return Segment("MSH", (fields[0], field, *fields[1:]), separators)


def _from_header(data: bytes) -> bytes:
    at = data.find(b"MSH")
    return data[at:] if at > 0 and data[:3] in {name.encode() for name in ENVELOPES} else data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
