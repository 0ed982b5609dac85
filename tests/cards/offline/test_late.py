"""Uses made with no network and handed in later: proven again, kept exactly once, told honestly."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from cards.offline.handing import hand_in, item, outcomes, told
from cards.offline.phones import new_key, own_phone
from cards.scanning import PHARMACY, Town, a_town, count, manager, said
from fixtures.databases import Copy
from people.makers import checked

from healthcloud import audit, cards, people
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id


async def test_it_is_in_the_use_log_at_its_own_time_with_when_it_was_told(town: Town) -> None:
    phone = await own_phone(town)
    scan = item(town, phone.code())
    scanned = town.now
    town.advance(hours=30)
    [result] = await told(town, scan)
    assert (result["outcome"], result["mark"]) == ("kept", None)
    [use] = await town.uses(phone.holder)
    assert use["id"] == result["use"]
    assert use["used_at"][:19] == scanned.isoformat()[:19]
    assert use["received_at"] > use["used_at"]
    assert use["opened"] is False


async def test_an_online_use_has_no_such_time(town: Town) -> None:
    phone = await own_phone(town)
    assert said(await town.scan(phone.code())) == "taken"
    [use] = await town.uses(phone.holder)
    assert (use["received_at"], use["mark"]) == (None, None)


async def test_handed_in_again_it_is_a_repeat_and_no_second_use(town: Town) -> None:
    phone = await own_phone(town)
    scan = item(town, phone.code())
    assert outcomes(await told(town, scan, scan)) == ["kept", "repeat"]
    assert outcomes(await told(town, scan)) == ["repeat"]
    # The same scan kept under another id, as by a reader whose queue was restored.
    assert outcomes(await told(town, scan | {"id": str(new_id())})) == ["repeat"]
    assert len(await town.uses(phone.holder)) == 1


async def test_an_id_given_to_another_item_is_refused(town: Town) -> None:
    phone = await own_phone(town)
    scan = item(town, phone.code())
    await told(town, scan)
    assert outcomes(await told(town, scan | {"scene": PHARMACY})) == ["late-item-reused"]
    other = item(town, phone.code())
    assert outcomes(await told(town, other | {"scene": PHARMACY}, other)) == ["kept", "late-item-reused"]


async def test_a_use_the_city_saw_online_is_a_repeat(town: Town) -> None:
    phone = await own_phone(town)
    code = phone.code()
    assert said(await town.scan(code)) == "taken"
    assert outcomes(await told(town, item(town, code))) == ["repeat"]
    assert len(await town.uses(phone.holder)) == 1


async def test_a_dynamic_code_is_proven_as_of_its_minute_too(town: Town) -> None:
    holder = await town.holder()
    scan = item(town, town.code(holder.card))
    town.advance(days=3)
    assert outcomes(await told(town, scan)) == ["kept"]


async def test_one_bad_item_leaves_the_others(town: Town) -> None:
    phone, other = await own_phone(town), await own_phone(town)
    results = await told(
        town,
        item(town, phone.code()),
        item(town, phone.code(key=new_key())),
        item(town, "nonsense"),
        item(town, phone.code(), terminal="no such window"),
        item(town, phone.code(), scene="999999"),
        item(town, phone.code(step=-9)),
        item(town, phone.code(), scanned_at=(town.now + timedelta(minutes=9)).isoformat()),
        item(town, phone.code(), scanned_at=(town.now - timedelta(days=31)).isoformat()),
        item(town, f"{phone.holder.card.number}:1:::"),
        item(town, other.code()),
    )
    assert outcomes(results) == [
        "kept",
        "code-signature-wrong",
        "code-unreadable",
        "terminal-unknown",
        "scene-unknown",
        "clock-off",
        "late-time-wrong",
        "late-time-wrong",
        "second-fact-required",
        "kept",
    ]


async def test_a_certificate_is_to_have_been_live_then_not_now(town: Town) -> None:
    phone = await own_phone(town)
    before = item(town, phone.code())
    town.advance(days=8)
    after = item(town, phone.code())
    assert outcomes(await told(town, before, after)) == ["kept", "certificate-expired"]


async def test_what_was_stopped_before_is_kept_marked_and_told_to_the_holder(town: Town) -> None:
    holder = await town.holder(await town.person(registration=checked(phone="13800000000")))
    phone = await own_phone(town, holder)
    await town.settle_events()
    told_before = await texts(town)
    before = item(town, phone.code())
    town.advance(minutes=2)
    await town.act(holder, "/freeze")
    town.advance(minutes=2)
    after = item(town, phone.code())
    assert [one["mark"] for one in await told(town, before, after)] == [None, "void"]
    assert [use["mark"] for use in await town.uses(holder)] == ["void", None]
    await town.settle_events()
    async with town.database.read() as read:
        deeds = await audit.deeds_about(read, [holder.person_id], limit=20)
    assert {one.detail["mark"] for one in deeds if one.deed == "cards.used-late"} == {"void", None}
    assert await texts(town) == told_before + 1


async def test_a_card_stopped_and_unfrozen_since_was_good_before_and_after(town: Town) -> None:
    phone = await own_phone(town)
    first = item(town, phone.code())
    town.advance(minutes=2)
    await town.act(phone.holder, "/freeze")
    town.advance(minutes=2)
    second = item(town, phone.code())
    town.advance(minutes=2)
    await town.act(manager(), "/unfreeze", {"person_id": str(phone.holder.person_id)})
    town.advance(minutes=2)
    third = item(town, phone.code())
    assert [one["mark"] for one in await told(town, first, second, third)] == [None, "void", None]


async def test_a_phone_removed_before_is_marked_and_one_removed_after_is_not(town: Town) -> None:
    phone = await own_phone(town)
    before = item(town, phone.code())
    town.advance(minutes=2)
    await town.http.delete(f"/api/v1/cards/phones/{phone.id}", headers=town.callers.header(phone.holder.caller))
    town.advance(minutes=2)
    after = item(town, phone.code())
    assert [one["mark"] for one in await told(town, before, after)] == [None, "void"]


async def test_a_certificate_of_before_a_correction_is_marked(town: Town) -> None:
    phone = await own_phone(town)
    person_id = phone.holder.person_id
    await town.database.transact(lambda tx: tx.announce(people.events.PersonCorrected(person_id, "name", 2)))
    await town.settle_events()
    town.advance(minutes=2)
    old = item(town, phone.code())
    await phone.certified()
    town.advance(minutes=2)
    new = item(town, phone.code())
    assert [one["mark"] for one in await told(town, old, new)] == ["void", None]


async def test_two_institutions_with_the_same_minute_are_both_kept_and_the_later_is_marked(town: Town) -> None:
    phone = await own_phone(town)
    code = phone.code()
    here, there = item(town, code), item(town, code, town.there)
    assert [one["mark"] for one in await told(town, here)] == [None]
    assert [one["mark"] for one in await told(town, there, at=town.there)] == ["elsewhere"]
    # Handed in again after a lost answer, it says so again.
    [again] = await told(town, there, at=town.there)
    assert (again["outcome"], again["mark"]) == ("repeat", "elsewhere")
    assert len(await town.uses(phone.holder)) == 2


async def test_only_an_institution_s_own_clients_hand_in(town: Town) -> None:
    answer = await town.http.post("/api/v1/cards/uses/late", json={"items": [item(town, "x")]})
    assert answer.status_code == 401
    phone = await own_phone(town)
    # A terminal of another institution is none of this one's.
    assert outcomes(await told(town, item(town, phone.code()), at=town.there)) == ["terminal-unknown"]
    assert (await hand_in(town)).status_code == 422
    assert (await hand_in(town, *[item(town, "x")] * 501)).status_code == 422


async def test_uploads_that_race_keep_each_use_once(town: Town) -> None:
    phones = [await own_phone(town) for _ in range(6)]
    scans = [item(town, phone.code()) for phone in phones]
    backwards = [scan | {"id": str(new_id())} for scan in reversed(scans)]
    uploads = await asyncio.gather(*(told(town, *some) for some in [scans, scans, backwards, scans, backwards]))
    kept = [one["use"] for results in uploads for one in results if one["outcome"] == "kept"]
    assert sorted(kept) == sorted({one["use"] for results in uploads for one in results})
    assert len(kept) == len(phones)
    for phone in phones:
        assert len(await town.uses(phone.holder)) == 1


async def test_an_upload_killed_on_its_way_is_kept_once_by_the_next(fresh_database: Database, fresh_copy: Copy) -> None:
    started = fresh_database.clock.now() - timedelta(seconds=5)
    async with a_town(fresh_database) as town:
        phones = [await own_phone(town) for _ in range(8)]
        scans = [item(town, phone.code()) for phone in phones]
        over = asyncio.Event()
        killer = asyncio.create_task(kill_backends(fresh_copy.superuser_url, over))
        tries = 0
        while tries < 200:
            tries += 1
            answer = await hand_in(town, *scans)
            if answer.status_code == 200 and tries > 10:
                break
            await asyncio.sleep(0.005)
        over.set()
        assert await killer > 0
        assert set(outcomes(await told(town, *scans))) == {"repeat"}
    assert await count(fresh_copy.owner_url, "cards.uses") == len(phones)
    assert await count(fresh_copy.owner_url, "audit.deeds", deed="cards.used-late") == len(phones)
    async with fresh_database.read() as read:
        verdict = await cards.check_use_batches(read, started, fresh_database.clock.now() + timedelta(seconds=1))
    assert (verdict.findings, verdict.uses) == ([], len(phones))


async def kill_backends(superuser_url: str, over: asyncio.Event) -> int:
    connection = await asyncpg.connect(superuser_url)
    killed = 0
    try:
        while not over.is_set() and killed < 12:
            killed += await connection.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            await asyncio.sleep(0.002)
    finally:
        await connection.close()
    return killed


@pytest.mark.parametrize("harm", ["none", "removed", "altered", "unmarked", "added"])
async def test_what_is_done_to_late_uses_behind_the_city_s_back_is_found(
    fresh_database: Database, owner_of: str, harm: str
) -> None:
    started = fresh_database.clock.now() - timedelta(seconds=5)
    async with a_town(fresh_database) as town:
        phones = [await own_phone(town) for _ in range(3)]
        scans = [item(town, phone.code()) for phone in phones]
        online = await own_phone(town)
        assert said(await town.scan(online.code())) == "taken"
        town.advance(days=20)
        assert outcomes(await told(town, *scans)) == ["kept"] * 3
        until = town.now + timedelta(seconds=1)
    added = (
        "INSERT INTO cards.uses SELECT card_id, step_at, slot, terminal_id, '010109', institution_id, person_id,"
        " account_id, opened, used_at, gen_random_uuid(), position, received_at, mark FROM cards.uses"
        " WHERE card_id = $1"
    )
    statement = {
        "none": "SELECT $1::bytea",
        "removed": "DELETE FROM cards.uses WHERE card_id = $1",
        "altered": "UPDATE cards.uses SET scene = '010107' WHERE card_id = $1",
        "unmarked": "UPDATE cards.uses SET mark = 'void' WHERE card_id = $1",
        "added": added,
    }[harm]
    owner = await asyncpg.connect(owner_of)
    await owner.execute(statement, phones[0].holder.card.id)
    await owner.close()
    expected = {"none": [], "removed": ["removed"], "added": ["unsealed"]}.get(harm, ["altered"])
    async with fresh_database.read() as read:
        whole = await cards.check_use_batches(read, started, until)
        of_today = await cards.check_use_batches(read, until - timedelta(minutes=5), until)
    assert [finding.kind for finding in whole.findings] == expected
    assert whole.batches == 4
    # A span in which they were told of, and not scanned, says the same of them.
    assert [finding.kind for finding in of_today.findings] == expected


async def texts(town: Town) -> int:
    """Count what waits to be sent."""
    async with town.database.read() as read:
        return await read.value(int, "SELECT count(*)::int FROM channels.outgoing") or 0
