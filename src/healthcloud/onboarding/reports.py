"""
Reading a conformance report that somebody hands in; pure.

Whoever hands it in is believed in nothing: the signature is by a key the city trusts, the institution is tied by an
outside number that stands under the signature, and the verdicts are the signer's.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from healthcloud import institutions
from healthcloud.core.crypto import sm3
from healthcloud.onboarding.errors import (
    ReportDateWrong,
    ReportOfAnother,
    ReportOfNobody,
    ReportUnreadable,
    ReportUntrusted,
)
from healthcloud.onboarding.model import Policy
from healthcloud.onboarding.rules import Tried
from healthcloud_reader.conformance import ReportWrong, signed_bytes, verify_report

CLOCKS_APART = timedelta(minutes=5)


class _Case(msgspec.Struct, frozen=True):
    id: str
    verdict: str
    applies: bool


class _Number(msgspec.Struct, frozen=True):
    kind: institutions.NumberKind
    number: str


class _Body(msgspec.Struct, frozen=True):
    face: str
    ended: datetime
    is_complete: bool
    is_passed: bool
    cases: list[_Case]
    institution_numbers: list[_Number]


class ReportRead(msgspec.Struct, frozen=True):
    """A report that was proven: the SM3 of what was signed, by which key, what it says."""

    digest: bytes
    key: str
    tried: Tried


def read_report(
    file: Mapping[str, Any], policy: Policy, numbers: Sequence[institutions.OutsideNumber], now: datetime
) -> ReportRead:
    """
    Return a proven report of the institution with these outside numbers.

    Raises ReportUnreadable, ReportUntrusted, ReportOfNobody, ReportOfAnother, ReportDateWrong.
    """
    try:
        told, key = verify_report(json.dumps(file).encode())
    except (ReportWrong, ValueError, TypeError, RecursionError) as wrong:
        raise ReportUnreadable(str(wrong)) from None
    if key not in policy.keys:
        raise ReportUntrusted(key=key.id)
    if not told.get("institution") or not told.get("institution_numbers"):
        raise ReportOfNobody
    try:
        body = msgspec.convert(told, _Body)
    except msgspec.ValidationError as wrong:
        raise ReportUnreadable(str(wrong)) from None
    if body.ended.tzinfo is None:
        raise ReportUnreadable("`ended` names no time zone")
    if body.ended > now + CLOCKS_APART:
        raise ReportDateWrong
    _must_be_of(body.institution_numbers, numbers)
    verdicts = {
        verdict: frozenset(one.id for one in body.cases if one.verdict == verdict and one.applies)
        for verdict in ("passed", "failed")
    }
    tried = Tried(body.face, body.is_complete, body.is_passed, verdicts["passed"], verdicts["failed"], body.ended)
    return ReportRead(sm3(signed_bytes(told)), key.id, tried)


def _must_be_of(told: Sequence[_Number], numbers: Sequence[institutions.OutsideNumber]) -> None:
    """
    Hold the numbers under the signature against those the city knows: one shared at least, none against it.

    Of a kind both know, the numbers must meet; `other` numbers, which anybody may give, neither tie nor part.
    """
    known: dict[institutions.NumberKind, set[str]] = {}
    for one in numbers:
        known.setdefault(one.kind, set()).add(one.number)
    said: dict[institutions.NumberKind, set[str]] = {}
    for each in told:
        said.setdefault(each.kind, set()).add(each.number)
    shared = known.keys() & said.keys() - {institutions.NumberKind.OTHER}
    if not shared or any(known[kind].isdisjoint(said[kind]) for kind in shared):
        raise ReportOfAnother
