"""Uses reported after the fact: each once, matched with what the city saw, and never taken for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cards.scanning import PHARMACY, REGISTRATION, Holder, Hospital, Town, count

from healthcloud import cards
from healthcloud.cards.reported import Report, Reported, ReportOutcome
from healthcloud.cards.reported.errors import TooManyReports
from healthcloud.cards.reported.jobs import forget_reports
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id

VERIFIED, UNVERIFIED = ReportOutcome.VERIFIED, ReportOutcome.UNVERIFIED
REPEAT, REFUSED = ReportOutcome.REPEAT, ReportOutcome.REFUSED


def machine(hospital: Hospital, *scopes: str) -> Caller:
    held = frozenset(scopes or ("exchange.deliver",))
    return Caller(CallerKind.CLIENT, hospital.client_id, held, institution_id=hospital.id, key_id=hospital.key_id)


def told(town: Town, holder: Holder, **other: Any) -> Report:
    report = Report(new_id().hex, f"{holder.card.number}:1:::", REGISTRATION, town.now.replace(microsecond=0))
    return replace(report, **other)


async def report(town: Town, *reports: Report, at: Hospital | None = None) -> list[Reported]:
    caller = machine(at or town.here)
    return await town.database.transact(lambda tx: cards.reported.report_uses(tx, caller, reports))


async def test_a_report_of_a_scan_the_city_saw_is_verified_and_stands_once_in_the_log(town: Town) -> None:
    holder = await town.holder()
    assert (await town.scan(town.code(holder.card))).status_code == 200
    [answer] = await report(town, told(town, holder))
    assert (answer.outcome, answer.is_verified, answer.late_days) == (VERIFIED, True, 0)
    assert [use["mark"] for use in await town.uses(holder)] == [None]


async def test_a_report_no_scan_stands_behind_is_kept_apart_and_its_holder_reads_it(town: Town) -> None:
    holder = await town.holder()
    assert (await town.scan(town.code(holder.card), scene=PHARMACY)).status_code == 200
    one = told(town, holder, terminal="3号窗口", department="0300")
    [answer] = await report(town, one)
    assert (answer.outcome, answer.is_verified) == (UNVERIFIED, False)
    first, second = sorted(await town.uses(holder), key=lambda use: use["mark"] or "")
    assert (first["scene"], first["mark"]) == (PHARMACY, None)
    assert (second["scene"], second["mark"], second["terminal"]) == (REGISTRATION, "reported", "3号窗口")
    assert second["institution"] == "演示医院（演示）"
    assert second["received_at"] is not None


async def test_what_is_reported_is_no_use_of_the_city(town: Town, owner_url: str) -> None:
    holder = await town.holder()
    await report(town, told(town, holder))
    assert await count(owner_url, "cards.uses", card_id=holder.card.id) == 0


async def test_a_scan_at_another_institution_or_long_before_stands_behind_nothing(town: Town) -> None:
    holder = await town.holder()
    assert (await town.scan(town.code(holder.card), at=town.there)).status_code == 200
    [answer] = await report(town, told(town, holder))
    assert answer.outcome is UNVERIFIED
    town.advance(minutes=16)
    [later] = await report(town, told(town, holder), at=town.there)
    assert later.outcome is UNVERIFIED


async def test_the_same_request_id_is_the_same_report(town: Town) -> None:
    holder = await town.holder()
    one = told(town, holder)
    first, twin = await report(town, one, one)
    [again] = await report(town, one)
    [other] = await report(town, replace(one, scene=PHARMACY))
    assert [answer.outcome for answer in (first, twin, again)] == [UNVERIFIED, REPEAT, REPEAT]
    assert other.outcome is REFUSED
    assert other.problem is not None
    assert other.problem.code == "report-reused"
    assert len(await town.uses(holder)) == 1


async def test_the_same_use_under_two_ids_is_one_line(town: Town) -> None:
    holder = await town.holder()
    one = told(town, holder)
    answers = await report(town, one, replace(one, request_id=new_id().hex))
    assert [answer.outcome for answer in answers] == [UNVERIFIED, REPEAT]
    assert len(await town.uses(holder)) == 1


async def test_a_late_report_is_taken_with_its_lateness(town: Town) -> None:
    holder = await town.holder()
    noon = town.now.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    answers = await report(town, *(told(town, holder, used_at=noon - timedelta(days=days)) for days in (2, 31, -1)))
    assert [answer.late_days for answer in answers] == [2, 0, 0]
    problems = [answer.problem.code if answer.problem else None for answer in answers]
    assert problems == [None, "report-time-wrong", "report-time-wrong"]


async def test_an_unknown_step_of_treatment_is_put_to_other_and_said_so(town: Town) -> None:
    holder = await town.holder()
    [answer] = await report(town, told(town, holder, scene="987654"))
    assert (answer.outcome, answer.is_scene_known) == (UNVERIFIED, False)
    [use] = await town.uses(holder)
    assert use["scene"] == "000000"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"card": "F" * 64}, "card-unknown"),
        ({"card": "hello"}, "code-unreadable"),
        ({"card": "1" * 28}, "insurance-voucher"),
        ({"request_id": ""}, "unacceptable"),
        ({"department": "x" * 65}, "unacceptable"),
        ({"terminal": "a\0b"}, "unacceptable"),
    ],
)
async def test_a_report_that_cannot_be_kept_leaves_the_others_alone(
    town: Town, wrong: dict[str, Any], code: str
) -> None:
    holder = await town.holder()
    bad, good = await report(town, told(town, holder, **wrong), told(town, holder))
    assert bad.problem is not None
    assert (bad.outcome, bad.problem.code) == (REFUSED, code)
    assert good.outcome is UNVERIFIED


async def test_only_who_may_deliver_reports(town: Town) -> None:
    holder = await town.holder()
    caller = machine(town.here, "cards.verify")
    with pytest.raises(Forbidden):
        await town.database.transact(lambda tx: cards.reported.report_uses(tx, caller, [told(town, holder)]))
    many = [told(town, holder)] * 501
    with pytest.raises(TooManyReports):
        await report(town, *many)


async def test_the_holder_can_read_who_reported_what_nobody_saw(town: Town) -> None:
    holder = await town.holder()
    await report(town, told(town, holder))
    async with town.database.read() as read:
        lines = await read.values(
            str, "SELECT deed FROM audit.deeds WHERE subject_id = $1 AND deed LIKE 'cards.use%'", holder.person_id
        )
    assert lines == ["cards.use-reported"]


async def test_ids_of_reports_too_old_to_come_again_are_forgotten(town: Town, owner_url: str) -> None:
    holder = await town.holder()
    await report(town, told(town, holder), at=town.there)
    town.advance(days=63)
    await town.database.transact(forget_reports)
    assert await count(owner_url, "cards.reports", institution_id=town.there.id) == 0
