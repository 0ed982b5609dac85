"""
Keeping what institutions report: each once, matched with the use the city saw, and never taken for one.

A report is a claim. Where a verified use of the same card at the same institution for the same step of treatment lies
within a quarter of an hour, it tells of that one; else it stands apart as unverified, and the holder reads it so.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from healthcloud import audit, institutions
from healthcloud.cards import deeds
from healthcloud.cards.reported import store
from healthcloud.cards.reported.errors import ReportReused, TooManyReports
from healthcloud.cards.reported.model import (
    DELIVER,
    MOST_REPORTS,
    OTHER_SCENE,
    Report,
    Reported,
    ReportOutcome,
    Told,
    checked,
    late_days,
    once_each,
)
from healthcloud.cards.verification.errors import CardUnknown
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden, Problem
from healthcloud.core.ids import new_id
from healthcloud.core.metrics import counter

OLDEST_DAYS = 30
REPORTED = counter(
    "healthcloud_reported_uses",
    "Uses reported after the fact by what became of them: verified, unverified, repeat, refused.",
    "outcome",
)


async def report_uses(
    tx: Transaction, caller: Caller, reports: Sequence[Report], *, oldest_days: int = OLDEST_DAYS
) -> list[Reported]:
    """
    Keep what the caller's institution reports (scope exchange.deliver); one answer a report, in order.

    The same request id with the same words is the same report, with others refused. A report that is refused leaves
    the others alone. Raises Forbidden, TooManyReports.
    """
    caller.must(DELIVER)
    institution_id = caller.institution_id
    if institution_id is None:
        raise Forbidden("this caller belongs to no institution")
    if len(reports) > MOST_REPORTS:
        raise TooManyReports(most=MOST_REPORTS)
    answers: dict[int, Reported] = {}
    told = await _told(tx, reports, timedelta(days=oldest_days), answers)
    persons = await _known(tx, told, reports, answers)
    await _keep(tx, caller, institution_id, {n: one for n, one in told.items() if n in persons}, persons, answers)
    done = [answers[n] for n in range(len(reports))]
    for answer in done:
        REPORTED.labels(answer.outcome).inc()
    return done


async def _told(
    tx: Transaction, reports: Sequence[Report], most: timedelta, answers: dict[int, Reported]
) -> dict[int, Told]:
    """Return the reports that can be read, by their places; answer the others."""
    now = tx.clock.now()
    scenes = await institutions.codes.scenes(tx)
    told: dict[int, Told] = {}
    for n, report in enumerate(reports):
        plain = institutions.codes.plain_scene(report.scene)
        try:
            told[n] = Told(report, checked(report, now, most), plain if plain in scenes else OTHER_SCENE)
        except Problem as problem:
            answers[n] = _refused(report, problem)
    return told


async def _known(
    tx: Transaction, told: dict[int, Told], reports: Sequence[Report], answers: dict[int, Reported]
) -> dict[int, UUID]:
    """Put the card each stands for now into `told`; return whose it is, by place; answer those of no card of ours."""
    found = {one.named: one for one in await store.cards_named(tx, sorted({one.card_id for one in told.values()}))}
    persons: dict[int, UUID] = {}
    for n, one in told.items():
        card = found.get(one.card_id)
        if card is None:
            answers[n] = _refused(reports[n], CardUnknown())
        else:
            told[n] = one._replace(card_id=card.card_id)
            persons[n] = card.person_id
    return persons


async def _keep(
    tx: Transaction,
    caller: Caller,
    institution_id: UUID,
    told: dict[int, Told],
    persons: dict[int, UUID],
    answers: dict[int, Reported],
) -> None:
    """Claim the ids of these reports, write the uses of those that are new, and answer each."""
    if not told:
        return
    places = list(told)
    seen = await store.uses_seen(tx, institution_id, [told[n] for n in places])
    matched = {n: one.use_id(told[n].scene) for n, one in zip(places, seen, strict=True)}
    claims: dict[bytes, tuple[int, store.Claimed]] = {}
    for n in places:
        report = told[n].report
        claim = store.Claimed(report.request_hash, new_id(), report.evidence, matched[n] is not None)
        claims.setdefault(report.request_hash, (n, claim))
    now = tx.clock.now()
    kept = await store.claim_reports(tx, institution_id, [claim for _, claim in claims.values()], now)
    known = {one.request_hash: one for one in kept}
    fresh = {n: claim for n, claim in claims.values() if known[claim.request_hash].id == claim.id}
    once = {id(one) for one in once_each([told[n] for n in fresh])}
    uses = [
        _use(tx, caller, institution_id, told[n], claim.id, persons[n], matched[n])
        for n, claim in fresh.items()
        if id(told[n]) in once
    ]
    new = set(await store.add_reported(tx, uses)) if uses else set()
    for n in places:
        first = known[told[n].report.request_hash]
        is_new = n in fresh and first.id in new
        answers[n] = _answer(tx, told[n], first, is_new=is_new)
    await _tell(tx, caller, [use for use in uses if use.id in new and use.use_id is None])


def _answer(tx: Transaction, told: Told, first: store.Claimed, *, is_new: bool) -> Reported:
    report = told.report
    if first.evidence != report.evidence:
        return _refused(report, ReportReused())
    outcome = ReportOutcome.VERIFIED if first.is_verified else ReportOutcome.UNVERIFIED
    return Reported(
        report.request_id,
        outcome if is_new else ReportOutcome.REPEAT,
        first.is_verified,
        late_days(report.used_at, tx.clock.now()),
        told.scene == institutions.codes.plain_scene(report.scene),
    )


async def _tell(tx: Transaction, caller: Caller, unverified: Sequence[store.ReportedUse]) -> None:
    """Write the line the holder reads of what no scan stands behind; a verified use is in their log already."""
    entries = [
        audit.Entry(deeds.USE_REPORTED, use.person_id, detail={"scene": use.scene, "used_at": use.used_at.isoformat()})
        for use in unverified
    ]
    if entries:
        await audit.record_many(tx, caller, entries)


def _use(
    tx: Transaction,
    caller: Caller,
    institution_id: UUID,
    told: Told,
    report_id: UUID,
    person_id: UUID,
    use_id: str | None,
) -> store.ReportedUse:
    report = told.report
    return store.ReportedUse(
        told.card_id,
        report.used_at,
        institution_id,
        told.scene,
        report_id,
        report.scene,
        report.terminal,
        report.department,
        report.channel,
        report.cost_kinds,
        person_id,
        caller.account_id,
        tx.clock.now(),
        use_id,
    )


def _refused(report: Report, problem: Problem) -> Reported:
    return Reported(report.request_id, ReportOutcome.REFUSED, problem=problem)
