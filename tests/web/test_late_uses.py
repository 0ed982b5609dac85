"""What a resident reads of uses that were made with no network: when they were read, when told, what was wrong."""

from typing import Any
from uuid import UUID

from web.households import settle

from healthcloud import cards, institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

SCENE = "010101"


async def desk_of(clinic: Any, institution_id: UUID) -> Caller:
    async with clinic.city.database.read() as read:
        terminal = (await institutions.terminals.terminals_of(read, institution_id))[0]
    scopes = frozenset({"cards.verify"})
    return Caller(CallerKind.STAFF, new_id(), scopes, institution_id=institution_id, terminal_id=terminal.id)


async def test_the_log_says_that_a_card_was_read_off_line_and_where_else(clinic: Any) -> None:
    resident, city = await settle(clinic, 41), clinic.city
    me = Caller(CallerKind.RESIDENT, resident.account_id, frozenset({"resident"}), person_id=resident.person_id)
    async with city.database.read() as read:
        code = await cards.code_of(read, me)
    outcomes = []
    for hospital in list(clinic.loaded.hospitals.values())[:2]:
        item = cards.LateItem(new_id(), None, SCENE, city.database.clock.now(), code.text, "unverified")
        desk = await desk_of(clinic, hospital.id)
        outcomes += await cards.keep_late_uses(city.database, city.settings, desk, [item])
    assert [(one.outcome, one.mark) for one in outcomes] == [("kept", None), ("kept", "elsewhere")]
    log = (await resident.browser.get("/uses")).text
    assert log.count("离线读取，补传于") == 2
    assert log.count("同一个码也在另一家机构使用过") == 1
    looked = (await resident.browser.get("/looks?show=looked")).text
    assert "离线读取了您的健康卡，联网后补传" in looked


async def test_the_log_says_what_a_hospital_reported_and_nobody_saw(clinic: Any) -> None:
    resident, city = await settle(clinic, 42), clinic.city
    me = Caller(CallerKind.RESIDENT, resident.account_id, frozenset({"resident"}), person_id=resident.person_id)
    hospital = next(iter(clinic.loaded.hospitals.values()))
    caller = Caller(CallerKind.CLIENT, new_id(), frozenset({"exchange.deliver"}), institution_id=hospital.id)
    async with city.database.read() as read:
        card = await cards.my_card(read, me)
    report = cards.reported.Report(new_id().hex, card.number, SCENE, city.database.clock.now())
    await city.database.transact(lambda tx: cards.reported.report_uses(tx, caller, [report]))
    log = (await resident.browser.get("/uses")).text
    assert log.count("平台没有这次扫码的记录") == 1
    looked = (await resident.browser.get("/looks")).text
    assert "事后上报了一次用卡" in looked
