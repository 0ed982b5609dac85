"""A hospital comes in, and each step is reached by what the city saw of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cards.scanning import PHARMACY
from institutions.entering import MANAGER
from onboarding.coming import APPLICATION, CITY, OPERATOR, OWN, Coming, administrator_of

from healthcloud import access, audit, conformance, exchange, institutions, onboarding
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.onboarding.actions import keep
from healthcloud.onboarding.errors import (
    ApplicationUnreadable,
    ReportDateWrong,
    ReportOfAnother,
    ReportOfNobody,
    ReportUnreadable,
    ReportUntrusted,
)
from healthcloud.onboarding.model import read_keys


async def test_a_hospital_reaches_step_after_step_and_falls_back(coming: Coming) -> None:
    town = coming.town
    here = await town.hospital()
    # Given a hospital with a key and nothing else: its key alone is no first step
    assert await coming.steps(here) == dict.fromkeys(onboarding.Step, False) | {"keys": True}
    assert (await coming.standing(here)).state.reached is None
    # When it applies, hands in a whole report, and a card is used at each of its points
    assert await coming.apply(here) is True
    assert (await coming.standing(here)).state.next.step == "cases"  # type: ignore[union-attr]  # there is a next
    await coming.hand_in(here, await coming.report(here))
    assert (await coming.standing(here)).state.next.step == "points"  # type: ignore[union-attr]  # the same
    holder = await town.holder()
    await town.scan(town.code(holder.card), here)
    await coming.count()
    standing = await coming.standing(here)
    assert standing.state.next is not None
    assert standing.state.next.missing == ("pharmacy",)
    await town.scan(town.code(holder.card), here, terminal=here.pharmacy, scene=PHARMACY)
    await coming.count()
    # Then it has come in
    standing = await coming.standing(here)
    assert (standing.state.reached, standing.state.next, standing.state.face) == ("fresh", None, "own")
    # And after a week without traffic it is fresh no more, and without its key it falls back to the first step
    town.advance(days=8)
    assert (await coming.steps(here))["fresh"] is False
    assert (await coming.steps(here))["live"] is True
    await town.database.transact(lambda tx: access.revoke_client(tx, SYSTEM, here.client_id))
    assert (await coming.standing(here)).state.reached == "applied"


async def test_uses_are_counted_once_by_point_and_day(coming: Coming) -> None:
    town = coming.town
    here = await town.hospital()
    wish = institutions.terminals.TerminalWish("自助机1", "02", "010101")
    added = await town.database.transact(
        lambda tx: institutions.terminals.add_terminals(tx, MANAGER, {here.id: [wish]})
    )
    kiosk = next(one.id for one in added[here.id] if one.name == "自助机1")
    holder, other = await town.holder(), await town.holder()
    for card in (holder.card, other.card):
        await town.scan(town.code(card), here)
        await town.scan(town.code(card), here, terminal=kiosk)
    await town.scan(town.code(holder.card), here)  # a repeat at the same desk
    await coming.count()
    assert await coming.count() == 0
    assert await coming.point(here, onboarding.Point.WINDOW) == (1, 2, True, True)
    assert await coming.point(here, onboarding.Point.KIOSK) == (1, 2, True, True)
    assert await coming.point(here, onboarding.Point.PHARMACY) == (1, 0, True, False)
    assert await coming.point(here, onboarding.Point.WARD) == (0, 0, False, False)
    # When the days have passed, the uses are counted no more, and when it was stays
    town.advance(days=9)
    assert await coming.point(here, onboarding.Point.WINDOW) == (1, 0, True, True)
    town.advance(days=100)
    await town.database.transact(lambda tx: keep(tx, {}))
    assert await coming.point(here, onboarding.Point.KIOSK) == (1, 0, True, True)


async def test_a_message_its_key_proved_is_live_traffic(coming: Coming) -> None:
    town = coming.town
    here, there = await town.hospital(), await town.hospital()
    caller = Caller(CallerKind.CLIENT, here.client_id, institution_id=here.id)
    nobody = exchange.Message("api", "POST /x", None, new_id().hex, town.now, b"{}", b"{}", "ok")
    evidence = exchange.Evidence(town.database)
    try:
        await evidence.keep(nobody)
        await evidence.keep(replace(nobody, caller=caller, request_id=new_id().hex))
    finally:
        await evidence.close()
    assert {step: (await coming.steps(here))[step] for step in ("live", "fresh")} == {"live": True, "fresh": True}
    assert (await coming.steps(there))["live"] is False
    town.advance(days=8)
    assert (await coming.steps(here))["fresh"] is False


async def test_an_application_is_kept_once_and_sealed(coming: Coming) -> None:
    here = coming.town.here
    assert [await coming.apply(here), await coming.apply(here)] == [True, False]
    async with coming.town.database.read() as read:
        assert await onboarding.application_of(read, OPERATOR, here.id) == APPLICATION
        sealed = await read.value(
            bytes, "SELECT sealed FROM onboarding.applications WHERE institution_id = $1", here.id
        )
        deeds = await audit.deeds_about(read, [here.id], limit=50)
    assert sealed is not None
    assert APPLICATION.contact.encode() not in sealed
    assert [one.deed for one in deeds].count("onboarding.applied") == 1
    changed = onboarding.Application("信息科", "1", APPLICATION.systems, (onboarding.Point.WARD,))
    assert await coming.apply(here, changed) is True
    assert (await coming.point(here, onboarding.Point.WARD))[2] is True
    with pytest.raises(ApplicationUnreadable) as wrong:
        await coming.apply(here, onboarding.Application(" ", "1", (), ()))
    assert {one.pointer for one in wrong.value.faults} == {"#/contact", "#/systems", "#/points"}


async def test_a_report_is_taken_once_by_what_was_signed(coming: Coming) -> None:
    here = await coming.town.hospital()
    file = await coming.report(here, passed=OWN - {"trust.clock"})
    first = await coming.hand_in(here, file)
    coming.town.advance(minutes=1)
    again = await coming.hand_in(here, {"signature": file["signature"], "report": file["report"], **file}, CITY)
    assert again == first
    async with coming.town.database.read() as read:
        assert len(await onboarding.reports_of(read, OPERATOR, here.id)) == 1
        deeds = await audit.deeds_about(read, [here.id], limit=50)
    assert [one.deed for one in deeds].count("onboarding.report-kept") == 1
    cases = (await coming.standing(here)).state.steps[2]
    assert (cases.have, cases.want, cases.missing) == (len(OWN) - 1, len(OWN), ("trust.clock",))
    # And the missing case alone makes the cases whole, yet no whole report
    await coming.hand_in(here, await coming.report(here, passed=frozenset({"trust.clock"})))
    steps = await coming.steps(here)
    assert (steps["cases"], steps["report"]) == (True, False)


async def test_a_report_of_a_key_no_longer_trusted_does_not_count(coming: Coming) -> None:
    here = await coming.town.hospital()
    await coming.hand_in(here, await coming.report(here))
    assert (await coming.steps(here))["report"] is True
    coming.trusted = False
    assert (await coming.steps(here))["report"] is False
    with pytest.raises(ReportUntrusted):
        await coming.hand_in(here, await coming.report(here))


async def test_reports_that_prove_nothing_are_refused(coming: Coming) -> None:
    here, there = coming.town.here, coming.town.there
    with pytest.raises(ReportOfAnother):
        await coming.hand_in(there, await coming.report(here))
    # A number anybody may give ties nobody, be it shared
    named = institutions.OutsideNumber(institutions.NumberKind.OTHER, "HIS-7")
    await coming.town.database.transact(lambda tx: institutions.add_number(tx, MANAGER, here.id, named))
    other = [{"kind": "other", "number": "HIS-7"}]
    with pytest.raises(ReportOfAnother):
        await coming.hand_in(here, await coming.report(here, institution_numbers=other))
    with pytest.raises(ReportOfNobody):
        await coming.hand_in(here, await coming.report(here, institution=None))
    with pytest.raises(ReportOfNobody):
        await coming.hand_in(here, await coming.report(here, institution_numbers=[]))
    with pytest.raises(ReportDateWrong):
        await coming.hand_in(here, await coming.report(here, ended=coming.town.now + timedelta(hours=1)))
    altered = await coming.report(here, passed=OWN - {"trust.clock"})
    altered["report"]["is_passed"] = True
    for file in (altered, {}, await coming.report(here, cases="all"), await coming.report(here, ended=None, face=1)):
        with pytest.raises(ReportUnreadable):
            await coming.hand_in(here, file)
    assert (await coming.standing(there)).state.face is None


async def test_who_may_look_and_act(coming: Coming) -> None:
    here, there = coming.town.here, coming.town.there
    file: dict[str, Any] = await coming.report(here)
    assert (await coming.standing(here, administrator_of(here.id))).institution_id == here.id
    with pytest.raises(institutions.InstitutionUnknown):
        await coming.standing(here, administrator_of(there.id))
    with pytest.raises(institutions.InstitutionUnknown):
        await coming.hand_in(here, file, administrator_of(there.id))
    with pytest.raises(Forbidden):
        await coming.hand_in(here, file, OPERATOR)
    async with coming.town.database.read() as read:
        own = await onboarding.list_standings(read, administrator_of(there.id), coming.policy)
        every = await onboarding.list_standings(read, OPERATOR, coming.policy, limit=200)
        page = await onboarding.list_standings(read, OPERATOR, coming.policy, after=every[0].institution_id, limit=1)
    assert [one.institution_id for one in own] == [there.id]
    assert {here.id, there.id} <= {one.institution_id for one in every}
    assert page == [every[1]]


def test_keys_of_a_file_are_read_one_after_the_other(coming: Coming, tmp_path: Any) -> None:
    [own] = coming.policy.keys
    (tmp_path / "keys.pem").write_text(own.pem() + "\n" + own.pem())
    assert read_keys(tmp_path / "keys.pem") == [own, own]
    (tmp_path / "wrong.pem").write_text("no key")
    for name in ("wrong.pem", "missing.pem"):
        with pytest.raises(onboarding.TrustedKeysUnreadable):
            read_keys(tmp_path / name)


def test_only_a_sandbox_believes_its_own_key(coming: Coming, tmp_path: Any) -> None:
    [own] = coming.policy.keys
    vault, file = coming.town.database.vault, tmp_path / "keys.pem"
    file.write_text(own.pem())
    for said, trusted in (({}, False), ({"sandbox": True}, True), ({"conformance_key_files": [file]}, True)):
        policy = onboarding.Policy.of(Settings(**said), vault, conformance.REPORTS)
        assert policy.trusts(own.id) is trusted
