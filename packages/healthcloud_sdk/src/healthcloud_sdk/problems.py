"""
What can go wrong, as exceptions a program can act on.

    CityError
    ├── NoAnswer                the answer did not come; whether it was done is not known: ask the same call again
    └── Refused                 the city answered with a problem (RFC 9457); nothing was changed
        ├── NotUnderstood       400, 413, 415, 422: the request is wrong; see `faults`
        ├── NotSigned 401       key, signature, clock or nonce
        ├── NotAllowed 403      the client has not this scope, or not from this address
        ├── NotFound 404        nothing here for you
        ├── Clash 409           it clashes with the present state: a card is frozen, a code was used elsewhere
        ├── TooMany 429         slower; see `retry_after`
        └── CityFailed 5xx      busy or broken; see `retry_after`
            └── OutcomeUnknown  its answer was lost at the very end: ask the same call again

Decide by `code`, which never changes; show `zh` (or `en`) to whom `who_acts` names.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_WAIT = 3600.0
_SAID = {"type", "title", "title_zh", "status", "code", "who_acts", "detail", "request_id", "errors"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that is wrong: a JSON pointer into what was sent, and why, in both languages."""

    pointer: str
    en: str
    zh: str


class CityError(Exception):
    """The city did not do what was asked."""

    zh = "平台没有完成所请求的操作。"


class NoAnswer(CityError):
    """No answer came; whether it was done is not known, and asking the same call again is safe."""

    zh = "没有收到平台的应答；不知是否已办理，用同一请求重发不会重复。"


class Refused(CityError):
    """The city refused; nothing was changed."""

    zh = "平台拒绝了此请求，没有任何改动。"

    def __init__(self, status: int, told: Mapping[str, object], retry_after: float | None = None) -> None:
        self.status = status
        self.code = str(told.get("code", f"http-{status}"))
        self.en = str(told.get("title", type(self).__doc__))
        self.zh = str(told.get("title_zh", type(self).zh))
        self.who_acts = str(told.get("who_acts", "administrator"))
        self.detail = _text(told.get("detail"))
        self.request_id = _text(told.get("request_id"))
        self.retry_after = retry_after
        self.faults = _faults(told.get("errors"))
        self.facts = {name: value for name, value in told.items() if name not in _SAID}
        super().__init__(f"{self.code}: {self.detail or self.en}")


class NotUnderstood(Refused):
    """The request is wrong; see its faults."""


class NotSigned(Refused):
    """The city does not know who asks: key, signature, clock or nonce."""


class NotAllowed(Refused):
    """The city knows who asks, and the answer is no."""


class NotFound(Refused):
    """There is nothing here for you."""


class Clash(Refused):
    """It clashes with the present state of things."""


class TooMany(Refused):
    """Too many requests in too short a time."""


class CityFailed(Refused):
    """The city is busy or broken."""


class OutcomeUnknown(CityFailed):
    """The answer was lost at the very end; asking the same call again is safe."""


_KINDS: Mapping[int, type[Refused]] = {401: NotSigned, 403: NotAllowed, 404: NotFound, 409: Clash, 429: TooMany}
_SERVER_ERROR = 500


def refused(status: int, body: bytes, retry_after: str | None, now: datetime) -> Refused:
    """Return the exception for an answer that is no success, whoever on the way gave it."""
    told: object = None
    with suppress(ValueError):
        told = json.loads(body)
    problem = told if isinstance(told, dict) else {}
    kind = _KINDS.get(status, CityFailed if status >= _SERVER_ERROR else NotUnderstood)
    if problem.get("code") == "outcome-unknown":
        kind = OutcomeUnknown
    return kind(status, problem, seconds_of(retry_after, now))


def problem_of(told: Mapping[str, object]) -> Refused:
    """Return a problem that stands inside an answer, as of one code of a batch; it is not raised."""
    status = told.get("status")
    number = status if isinstance(status, int) else _SERVER_ERROR
    return _KINDS.get(number, CityFailed if number >= _SERVER_ERROR else NotUnderstood)(number, told)


def seconds_of(text: str | None, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3): seconds, or a date; None where it says nothing that can be read."""
    if text is None:
        return None
    with suppress(ValueError):
        return min(max(float(int(text)), 0.0), MOST_WAIT)
    with suppress(ValueError):
        at = parsedate_to_datetime(text)
        aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return min(max((aware - now).total_seconds(), 0.0), MOST_WAIT)
    return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _faults(told: object) -> tuple[Fault, ...]:
    listed = told if isinstance(told, list) else []
    return tuple(
        Fault(str(one.get("pointer", "#")), str(one.get("en", "")), str(one.get("zh", "")))
        for one in listed
        if isinstance(one, dict)
    )
