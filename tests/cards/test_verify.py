"""A scan at a hospital: who stands there, and what the code is worth."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from cards.scanning import CASHIER, PHARMACY, REGISTRATION, VERIFY, Town, manager, said
from people.makers import face_of

from healthcloud import access, audit, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.ids import new_id


async def test_a_scan_shows_who_stands_there_masked(town: Town) -> None:
    holder = await town.holder()
    face = (await face_of(town.database, holder.person_id)).face
    answer = await town.scan(await town.shown(holder))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["status"] == "valid"
    assert told["person"]["id"] == str(holder.person_id)
    assert told["person"]["masked"] is True
    assert face.name not in answer.text
    assert face.document_number not in answer.text
    assert told["person"]["birth_date"] == str(face.birth_date.year)
    assert told["card"] == {"id": holder.card.number, "kind": "standard", "alias": None, "deadline": None}
    assert told["use"]["repeat"] is False
    assert told["warnings"] == []
    assert told["local_number"] is None


async def test_a_caller_that_may_open_identities_sees_the_whole_face_and_the_owner_sees_that(town: Town) -> None:
    holder = await town.holder()
    face = (await face_of(town.database, holder.person_id)).face
    opening = await town.hospital("cards.verify", "cards.identity")
    told = (await town.scan(await town.shown(holder), opening)).json()
    assert told["person"]["name"] == face.name
    assert told["person"]["document_number"] == face.document_number
    assert told["person"]["birth_date"] == face.birth_date.isoformat()
    assert told["person"]["masked"] is False
    assert [use["opened"] for use in await town.uses(holder)] == [True]


async def test_an_institution_sees_its_own_patient_number(town: Town) -> None:
    holder = await town.holder()
    clerk = manager(institution_id=town.here.id)
    await town.database.transact(
        lambda tx: people.patient_numbers.link_local_number(tx, clerk, holder.person_id, "MZ0001")
    )
    code = await town.shown(holder)
    assert (await town.scan(code)).json()["local_number"] == "MZ0001"
    town.advance(minutes=2)
    assert (await town.scan(await town.shown(holder), town.there)).json()["local_number"] is None


async def test_the_same_code_at_the_same_window_and_step_is_a_repeat_and_no_new_use(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    first, second = (await town.scan(code)).json(), (await town.scan(code)).json()
    assert (first["use"]["repeat"], second["use"]["repeat"]) == (False, True)
    assert first["use"]["id"] == second["use"]["id"]
    assert first["person"] == second["person"]
    assert len(await town.uses(holder)) == 1


async def test_another_window_or_step_of_the_same_hospital_is_another_use(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    assert said(await town.scan(code)) == "taken"
    assert said(await town.scan(code, terminal=town.here.pharmacy, scene=PHARMACY)) == "taken"
    assert said(await town.scan(code, scene=CASHIER)) == "taken"
    assert [use["scene"] for use in await town.uses(holder)] == [CASHIER, PHARMACY, REGISTRATION]


async def test_another_hospital_replays_the_code_and_the_owner_reads_that(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    assert said(await town.scan(code)) == "taken"
    refused = await town.scan(code, town.there)
    assert (refused.status_code, said(refused)) == (409, "code-replayed")
    assert said(await town.scan(code)) == "repeat"
    assert len(await town.uses(holder)) == 1
    assert await refusals_of(town, holder.person_id) == [("code-replayed", town.there.id)]


async def refusals_of(town: Town, person_id: UUID) -> list[tuple[str | None, UUID | None]]:
    async with town.database.read() as read:
        deeds = await audit.deeds_about(read, [person_id])
    return [(deed.reason, deed.institution_id) for deed in deeds if deed.deed == "cards.scan-refused"]


async def test_of_two_hospitals_in_a_race_one_gets_the_code(town: Town) -> None:
    holders = [await town.holder() for _ in range(12)]
    codes = [town.code(holder.card) for holder in holders]
    scans = [town.scan(code, hospital) for code in codes for hospital in (town.here, town.there)]
    outcomes = [said(answer) for answer in await asyncio.gather(*scans)]
    pairs = [tuple(sorted(outcomes[n : n + 2])) for n in range(0, len(outcomes), 2)]
    assert set(pairs) == {("code-replayed", "taken")}
    for holder in holders:
        assert len(await town.uses(holder)) == 1


async def test_twins_in_one_batch_are_one_use_and_repeats(town: Town) -> None:
    holder = await town.holder()
    code = town.code(holder.card)
    outcomes = [said(answer) for answer in await asyncio.gather(*(town.scan(code) for _ in range(16)))]
    assert sorted(outcomes) == ["repeat"] * 15 + ["taken"]
    assert len(await town.uses(holder)) == 1


async def test_a_picture_of_a_code_is_refused_after_its_time(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    town.advance(minutes=3)
    refused = await town.scan(code)
    assert (refused.status_code, said(refused)) == (409, "code-expired")
    assert refused.json()["minutes"] in (2, 3)
    assert await town.uses(holder) == []
    assert [reason for reason, _ in await refusals_of(town, holder.person_id)] == ["code-expired"]


async def test_an_older_picture_cannot_be_told_from_a_forgery(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    town.advance(minutes=32)
    assert said(await town.scan(code)) == "code-forged"
    assert await refusals_of(town, holder.person_id) == []


async def test_a_forged_code_leaves_no_row(town: Town) -> None:
    holder = await town.holder()
    good = await town.shown(holder)
    forged = good[:72] + ("0" if good[72] != "0" else "1") + good[73:]
    assert said(await town.scan(forged)) == "code-forged"
    assert await town.uses(holder) == []
    assert await refusals_of(town, holder.person_id) == []


@pytest.mark.parametrize(("step", "direction"), [(-5, "behind"), (5, "ahead")])
async def test_a_phone_whose_clock_is_five_minutes_off_is_told_so(town: Town, step: int, direction: str) -> None:
    holder = await town.holder()
    phone = (await town.act(holder, "/phones", {"label": "我的手机"})).json()
    code = town.code(holder.card, slot=phone["slot"], epoch=phone["epoch"], step=step)
    refused = (await town.scan(code)).json()
    assert (refused["code"], refused["minutes"], refused["direction"]) == ("clock-off", 5, direction)
    assert "clock" in refused["title"]
    assert "时钟" in refused["title_zh"]


async def test_a_code_made_at_a_month_s_end_is_good_after_midnight(town: Town) -> None:
    holder = await town.holder()
    month_end = (town.now.astimezone(SHANGHAI).replace(day=28) + timedelta(days=5)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    town.stand_at(month_end - timedelta(seconds=20))
    code = await town.shown(holder)
    assert said(await town.scan(code)) == "taken"
    town.stand_at(month_end + timedelta(seconds=10))
    assert said(await town.scan(code)) == "repeat"
    assert said(await town.scan(code, town.there)) == "code-replayed"
    assert said(await town.scan(await town.shown(holder), town.there)) == "taken"
    assert len(await town.uses(holder)) == 2


async def test_a_frozen_card_is_refused_at_the_next_scan_and_good_again_after_unfreezing(town: Town) -> None:
    holder = await town.holder()
    before = await town.shown(holder)
    assert said(await town.scan(before)) == "taken"
    assert (await town.act(holder, "/freeze")).status_code == 201
    assert said(await town.scan(before)) == "card-frozen"
    assert (await town.look(holder, "/code")).json()["code"] == "card-not-usable"
    unfrozen = await town.act(manager(), "/unfreeze", {"person_id": str(holder.person_id)})
    assert unfrozen.status_code == 201, unfrozen.text
    # What was made before the freeze stays dead.
    assert said(await town.scan(before)) == "code-expired"
    town.advance(minutes=1)
    assert said(await town.scan(await town.shown(holder))) == "taken"


async def test_a_cancelled_card_is_refused(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    await town.act(holder, "/cancel")
    assert said(await town.scan(code)) == "card-cancelled"


async def test_a_removed_phone_is_refused_at_the_next_scan(town: Town) -> None:
    holder = await town.holder()
    phone = (await town.act(holder, "/phones", {"label": "旧手机"})).json()
    code = town.code(holder.card, slot=phone["slot"], epoch=phone["epoch"])
    assert said(await town.scan(code)) == "taken"
    removed = await town.http.delete(
        f"/api/v1/cards/phones/{phone['phone_id']}", headers=town.callers.header(holder.caller)
    )
    assert removed.status_code == 204
    assert said(await town.scan(code, scene=CASHIER)) == "phone-removed"
    # The platform's own codes go on.
    assert said(await town.scan(await town.shown(holder))) == "taken"


async def test_a_corrected_name_is_right_at_the_next_scan(town: Town) -> None:
    holder = await town.holder()
    opening = await town.hospital("cards.verify", "cards.identity")
    first = (await town.scan(town.code(holder.card), opening)).json()["person"]["name"]
    await rename(town, holder.person_id)
    again = (await town.scan(town.code(holder.card), opening)).json()
    assert again["use"]["repeat"] is True
    assert again["person"]["name"] == "更名后"
    assert first != "更名后"


async def rename(town: Town, person_id: UUID) -> None:
    form = people.CorrectionForm("户口簿", name="更名后")
    await town.database.transact(lambda tx: people.correct(tx, manager(), person_id, form))


async def test_the_card_of_somebody_who_died_is_refused_before_and_after_its_cancellation(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    await record_death(town, holder.person_id)
    assert said(await town.scan(code)) == "holder-deceased"
    assert await town.uses(holder) == []
    await town.settle_events()
    assert said(await town.scan(code)) == "holder-deceased"
    assert (await town.look(holder, "/mine")).json()["status"] == 3


async def record_death(town: Town, person_id: UUID) -> None:
    await town.database.transact(
        lambda tx: people.record_death(tx, manager(), person_id, town.now.date(), "死亡医学证明")
    )


async def test_a_terminal_is_found_by_id_name_or_not_at_all(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    assert said(await town.scan(code, terminal="挂号窗口1")) == "taken"
    assert said(await town.scan(code, terminal=town.here.window)) == "repeat"
    assert said(await town.scan(code, terminal=town.there.window)) == "terminal-unknown"
    assert said(await town.scan(code, terminal=new_id())) == "terminal-unknown"
    assert said(await town.scan(code, scene="999999")) == "scene-unknown"
    assert said(await town.scan(code, scene="10101")) == "repeat"
    assert said(await town.scan(code, terminal=town.here.pharmacy, scene=None)) == "taken"


async def test_a_retired_terminal_is_refused_at_the_next_scan(town: Town) -> None:
    hospital = await town.hospital()
    holder = await town.holder()
    code = await town.shown(holder)
    assert said(await town.scan(code, hospital)) == "taken"
    await town.database.transact(
        lambda tx: tx.run(
            "UPDATE institutions.terminals SET state = 'retired', retired_at = $2 WHERE id = $1",
            hospital.window,
            town.now,
        )
    )
    assert said(await town.scan(code, hospital)) == "terminal-unknown"


async def test_a_revoked_key_is_refused_at_the_next_scan_whatever_the_process_remembers(town: Town) -> None:
    hospital = await town.hospital()
    holder = await town.holder()
    code = await town.shown(holder)
    assert said(await town.scan(code, hospital)) == "taken"
    assert said(await town.scan(code, hospital)) == "repeat"
    await town.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, hospital.client_id, hospital.key_id))
    refused = await town.scan(code, hospital)
    assert (refused.status_code, said(refused)) == (401, "key-revoked")


async def test_a_machine_may_sign_with_hmac_sha_256(town: Town) -> None:
    algorithm = access.Algorithm.SHA256
    hospital = await town.hospital(algorithm=algorithm)
    holder = await town.holder()
    body = {"code": await town.shown(holder), "terminal": str(hospital.window)}
    for outcome in ("taken", "repeat"):
        assert said(await town.signed(hospital, VERIFY, body, algorithm=algorithm)) == outcome


async def test_staff_scan_at_the_terminal_their_browser_is_bound_to(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    clerk = manager("cards.verify", institution_id=town.here.id)
    unbound = await town.http.post(VERIFY, json={"code": code}, headers=town.callers.header(clerk))
    assert unbound.json()["code"] == "terminal-unbound"
    seated = type(clerk)(
        clerk.kind, clerk.account_id, clerk.scopes, institution_id=town.here.id, terminal_id=town.here.window
    )
    told = await town.http.post(VERIFY, json={"code": code}, headers=town.callers.header(seated))
    assert said(told) == "taken"
    assert told.json()["use"]["scene"] == REGISTRATION


async def test_who_may_not_scan_is_told_so(town: Town) -> None:
    holder = await town.holder()
    body = {"code": await town.shown(holder)}
    nobody = await town.http.post(VERIFY, json=body)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    resident = await town.http.post(VERIFY, json=body, headers=town.callers.header(holder.caller))
    assert (resident.status_code, resident.json()["code"]) == (403, "forbidden")
    homeless = await town.http.post(VERIFY, json=body, headers=town.callers.header(manager("cards.verify")))
    assert homeless.status_code == 403


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("1" * 28, "insurance-voucher", None),
        ("370402190001010015", "resident-id-card", None),
        ("370402190001010016", "code-unreadable", "resident-id"),
        ("EHC1:NCFOXN%TS3DH3ZSUZK+.V0ETD", "code-unreadable", "device-text"),
        ("HC1:NCFOXN%TS3DH3ZSUZK+.V0ETD", "code-unreadable", "eu-certificate"),
        ("https://example.org/", "code-unreadable", "card-id"),
        ("", "code-unreadable", "empty"),
        ("0" * 200, "code-unreadable", "too-long"),
    ],
)
async def test_what_is_no_code_is_told_apart(town: Town, text: str, code: str, reason: str | None) -> None:
    refused = await town.scan(text)
    assert refused.status_code == 422
    assert (refused.json()["code"], refused.json().get("reason")) == (code, reason)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"{", 400, "#"),
        (b"\xff\xfe", 400, "#"),
        (b"[]", 422, "#"),
        (b'{"code": 7}', 422, "#/code"),
        (b"{}", 422, "#/code"),
        (b'{"code": "x", "extra": 1}', 422, "#"),
        (b'{"code": "x", "second_fact": {"kind": "secret"}}', 422, "#/second_fact/kind"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told_where(town: Town, body: bytes, status: int, pointer: str) -> None:
    refused = await town.signed(town.here, VERIFY, body)
    assert refused.status_code == status
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert "secret" not in refused.text
