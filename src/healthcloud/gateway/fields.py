"""Reading a face's fields: old clients send numbers for texts and empty texts for nothing; faults are gathered."""

import re
from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Malformed, Unacceptable
from healthcloud.core.http.body import check_json

DEPTH = 8
REQUIRED = ("is required", "必填")
_DAY = re.compile(r"(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[ T].*)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})[ T]?(\d{2}):?(\d{2}):?(\d{2})", re.ASCII)
_OBJECT: msgspec.json.Decoder[dict[str, object]] = msgspec.json.Decoder(dict[str, object])


def read_object(body: bytes) -> dict[str, object]:
    """Return a JSON object; raise Malformed for what is none, is no UTF-8, nests too deep or names a field twice."""
    check_json(body, depth=DEPTH)
    try:
        return _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed(faults=(FieldFault("#", "is no JSON object", "不是 JSON 对象"),)) from None


class Fields:
    """The fields of one object; `check` raises Unacceptable with every fault found so far."""

    def __init__(self, given: Mapping[str, object], at: str = "#") -> None:
        self._given = given
        self._at = at
        self.faults: list[FieldFault] = []

    def text(self, name: str, *, longest: int = 256) -> str | None:
        """Return a field as text, None where it is empty or left out."""
        value = self._given.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.fault(name, "must be text", "应为文本")
            return None
        if len(value) > longest:
            self.fault(name, f"must have at most {longest} characters", f"最多 {longest} 个字符")
            return None
        return value.strip() or None

    def need(self, name: str, *, longest: int = 256) -> str:
        """Return a field that must be there; an empty text where it is missing, which is noted."""
        value, known = self.text(name, longest=longest), len(self.faults)
        if value is None and known == len(self.faults) and not any(self._is_at(one, name) for one in self.faults):
            self.fault(name, *REQUIRED)
        return value or ""

    def day(self, name: str) -> date | None:
        """Return a day written yyyyMMdd or yyyy-MM-dd."""
        text = self.text(name)
        found = None if text is None else _DAY.fullmatch(text)
        if text is None:
            return None
        try:
            if found is not None:
                return date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
        self.fault(name, "must be a day: yyyyMMdd or yyyy-MM-dd", "应为日期：yyyyMMdd 或 yyyy-MM-dd")
        return None

    def moment(self, name: str) -> datetime | None:
        """Return an instant written yyyyMMddHHmmss or yyyy-MM-dd HH:mm:ss, Shanghai time."""
        text = self.text(name)
        found = None if text is None else _MOMENT.fullmatch(text)
        if text is None:
            return None
        try:
            if found is not None:
                year, month, day, hour, minute, second = map(int, found.groups())
                return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        except ValueError:
            pass
        self.fault(
            name, "must be a time: yyyyMMddHHmmss or yyyy-MM-dd HH:mm:ss", "应为 yyyyMMddHHmmss 或 yyyy-MM-dd HH:mm:ss"
        )
        return None

    def inner(self, name: str) -> "Fields | None":
        """Return the fields of an object inside, which share this one's faults."""
        value = self._given.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            self.fault(name, "must be an object", "应为对象")
            return None
        return self._within(value, f"{self._at}/{name}")

    def each(self, name: str, most: int) -> "list[Fields]":
        """Return the fields of every object of a list."""
        value = self._given.get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(name, "must be a list of objects", "应为对象数组")
            return []
        if len(value) > most:
            self.fault(name, f"must have at most {most} items", f"最多 {most} 项")
            return []
        return [self._within(one, f"{self._at}/{name}/{place}") for place, one in enumerate(value)]

    def fault(self, name: str, en: str, zh: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append(FieldFault(f"{self._at}/{name}", en, zh))

    def check(self) -> None:
        """Raise Unacceptable if anything was wrong."""
        if self.faults:
            raise Unacceptable(faults=tuple(self.faults))

    def _within(self, given: Mapping[str, object], at: str) -> "Fields":
        inside = Fields(given, at)
        inside.faults = self.faults
        return inside

    def _is_at(self, fault: FieldFault, name: str) -> bool:
        return fault.pointer == f"{self._at}/{name}"
