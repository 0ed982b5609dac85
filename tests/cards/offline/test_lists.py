"""What is void travels: in the next delta, signed, in order, and never lost."""

import asyncio
from datetime import timedelta
from uuid import UUID

from cards.offline.lists import POLICY, TRUST, Reader, keys_of, publish, said_by
from cards.offline.phones import OwnPhone, own_phone
from cards.scanning import Town, manager

from healthcloud import cards, people
from healthcloud.cards.offline import store
from healthcloud.cards.offline.publishing import MOST_ENTRIES, SNAPSHOT_EACH
from healthcloud.core.db import Transaction
from healthcloud.core.metrics import exposition


def is_void(reader: Reader, phone: OwnPhone) -> bool:
    assert phone.signed is not None
    stated = phone.signed.certificate
    return reader.voids(stated.card_id, stated.slot, stated.issued)


async def known(town: Town) -> Reader:
    await publish(town)
    return await Reader(town).catch_up()


async def told(town: Town, reader: Reader) -> Reader:
    await town.settle_events()
    await publish(town)
    return await reader.catch_up()


async def test_a_frozen_card_is_void_until_it_is_unfrozen(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    assert not is_void(reader, phone)
    await town.act(phone.holder, "/freeze")
    assert is_void(await told(town, reader), phone)
    assert (await town.act(manager(), "/unfreeze", {"person_id": str(phone.holder.person_id)})).status_code == 201
    assert not is_void(await told(town, reader), phone)


async def test_a_removed_phone_is_void_for_good_and_the_next_in_its_slot_is_not(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    other = await own_phone(town, phone.holder, "另一部")
    await town.http.delete(f"/api/v1/cards/phones/{phone.id}", headers=town.callers.header(phone.holder.caller))
    await told(town, reader)
    assert is_void(reader, phone)
    assert not is_void(reader, other)
    after = await own_phone(town, phone.holder, "新手机")
    assert after.slot == phone.slot
    assert not is_void(reader, after)
    assert is_void(reader, phone)


async def test_a_cancelled_and_restored_card_s_old_phones_stay_void(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    await town.act(phone.holder, "/cancel")
    assert is_void(await told(town, reader), phone)
    await town.act(phone.holder, "")
    assert is_void(await told(town, reader), phone)
    assert not is_void(reader, await own_phone(town, phone.holder))


async def test_a_card_taken_back_is_void(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    taken = await town.act(manager(), "/take-back", {"person_id": str(phone.holder.person_id)})
    assert taken.status_code == 201
    assert is_void(await told(town, reader), phone)


async def test_a_corrected_name_makes_phones_renew_and_a_phone_number_does_not(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    person_id = phone.holder.person_id
    await town.database.transact(lambda tx: tx.announce(people.events.PersonCorrected(person_id, "phone", 2)))
    assert not is_void(await told(town, reader), phone)
    await town.database.transact(lambda tx: tx.announce(people.events.PersonCorrected(person_id, "name,phone", 3)))
    assert is_void(await told(town, reader), phone)
    # Asked for in the very minute of the correction, and good all the same.
    assert not is_void(reader, await phone.certified())


async def test_a_death_and_its_undoing(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    person_id = phone.holder.person_id
    await town.database.transact(lambda tx: tx.announce(people.events.PersonDied(person_id, town.now.date())))
    assert is_void(await told(town, reader), phone)
    await town.database.transact(lambda tx: tx.announce(people.events.DeathUndone(person_id)))
    await told(town, reader)
    assert is_void(reader, phone)  # its phones are gone
    assert not is_void(reader, await own_phone(town, phone.holder))


async def test_of_two_merged_persons_nothing_certified_before_is_good(town: Town) -> None:
    one, other, reader = await own_phone(town), await own_phone(town), await known(town)
    event = people.events.PersonsMerged(other.holder.person_id, one.holder.person_id)
    await town.database.transact(lambda tx: tx.announce(event))
    await told(town, reader)
    assert is_void(reader, other)


async def test_an_alias_is_void_and_what_it_stands_for_is_not(town: Town) -> None:
    old, new, reader = await own_phone(town), await own_phone(town), await known(town)
    wish = {"old_card_id": old.holder.card.number, "card_id": new.holder.card.number}
    assert (await town.act(manager(), "/aliases", wish)).status_code == 201
    await told(town, reader)
    assert is_void(reader, old)
    assert not is_void(reader, new)


async def test_an_empty_delta_proves_each_minute_that_there_was_nothing(town: Town) -> None:
    first = await publish(town)
    assert await publish(town) == first
    town.advance(seconds=30)
    assert await publish(town) == first
    town.advance(seconds=30)
    assert await publish(town) == first + 1


async def test_a_change_committing_while_the_publisher_runs_is_in_the_next_delta(town: Town) -> None:
    phone, other, reader = await own_phone(town), await own_phone(town), await known(town)
    await town.act(phone.holder, "/freeze")
    claimed, may_commit = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> None:
        await cards.offline.publish(tx, POLICY)
        claimed.set()
        await may_commit.wait()

    slowly = asyncio.create_task(town.database.transact(slow))
    await claimed.wait()
    # One new change, and one of the very row that is being published: the latter waits for the publisher.
    await town.act(other.holder, "/freeze")
    again = asyncio.create_task(town.act(manager(), "/unfreeze", {"person_id": str(phone.holder.person_id)}))
    await asyncio.sleep(0.05)
    assert not again.done()
    may_commit.set()
    await slowly
    assert (await again).status_code == 201
    await reader.catch_up()
    assert is_void(reader, phone)
    assert not is_void(reader, other)
    await told(town, reader)
    assert not is_void(reader, phone)
    assert is_void(reader, other)


async def test_a_change_that_commits_late_is_not_passed_by(town: Town) -> None:
    phone, reader = await own_phone(town), await known(town)
    noted, may_commit = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> None:
        await store.note(tx, [phone.holder.card.id], [0], (True, 0), tx.clock.now())
        noted.set()
        await may_commit.wait()

    slowly = asyncio.create_task(town.database.transact(slow))
    await noted.wait()
    other = await own_phone(town)
    await town.act(other.holder, "/freeze")
    assert is_void(await told(town, reader), other)
    may_commit.set()
    await slowly
    assert is_void(await told(town, reader), phone)


async def test_of_publishers_at_once_one_makes_each_delta(town: Town) -> None:
    reader = await known(town)
    phones = [await own_phone(town) for _ in range(4)]
    for phone in phones:
        await town.act(phone.holder, "/freeze")
    town.advance(minutes=1)
    done = await asyncio.gather(*(publish(town) for _ in range(4)), return_exceptions=True)
    assert any(isinstance(one, int) for one in done)
    await told(town, reader)
    assert all(is_void(reader, phone) for phone in phones)


async def test_a_reader_far_behind_or_ahead_gets_a_snapshot_of_the_whole_truth(town: Town) -> None:
    phone = await own_phone(town)
    await town.act(phone.holder, "/freeze")
    reader = await known(town)
    for _ in range(SNAPSHOT_EACH + 2):
        town.advance(minutes=1)
        await publish(town)
    fresh = await Reader(town).catch_up()
    assert is_void(fresh, phone)
    assert fresh.deltas < SNAPSHOT_EACH
    lost = await Reader(town, number=10**9).catch_up()
    assert (lost.number, lost.void) == (fresh.number, fresh.void)
    await reader.catch_up()
    assert reader.number == fresh.number
    assert reader.deltas == SNAPSHOT_EACH + 2


async def test_what_no_certificate_alive_can_be_void_by_is_forgotten(town: Town) -> None:
    phone = await own_phone(town)
    await town.act(phone.holder, "/freeze")
    await known(town)
    town.stand_at(town.now + timedelta(days=8))
    for _ in range(SNAPSHOT_EACH):
        town.advance(minutes=1)
        await publish(town)
    assert not is_void(await Reader(town).catch_up(), phone)
    # Unfrozen after all: its entry comes back, saying that nothing is void.
    reader = await Reader(town).catch_up()
    await town.act(manager(), "/unfreeze", {"person_id": str(phone.holder.person_id)})
    await told(town, reader)
    assert not is_void(reader, phone)


async def test_more_than_one_delta_holds(town: Town) -> None:
    reader = await known(town)
    cards_gone = [UUID(int=n).bytes * 2 for n in range(MOST_ENTRIES + 3)]
    await town.database.transact(
        lambda tx: store.note(tx, cards_gone, [0] * len(cards_gone), (True, 0), tx.clock.now())
    )
    await told(town, reader)
    assert reader.deltas == 2
    assert all(reader.voids(one, 3, 0) for one in cards_gone)


async def test_lists_are_cacheable_and_unchanged_ones_are_not_sent_again(town: Town) -> None:
    await publish(town)
    for path in ("trust", "revocations"):
        first = await town.http.get(f"/api/v1/offline/{path}")
        assert first.headers["cache-control"].startswith("public, max-age=")
        again = await town.http.get(f"/api/v1/offline/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_trust_list_names_every_live_key_and_the_policy(town: Town) -> None:
    await publish(town)
    document = (await town.http.get("/api/v1/offline/trust")).json()
    keys = keys_of(town.database)
    trust = said_by(TRUST, document, keys)
    assert [key["id"] for key in trust["keys"]] == list(keys)
    assert trust["policy"]["fresh_minutes"] == 1440
    assert trust["issued_at"] < trust["expires_at"]
    # Nothing changed: the same list; half its time over: the same again with a later end.
    town.advance(minutes=1)
    await publish(town)
    assert (await town.http.get("/api/v1/offline/trust")).json() == document
    town.stand_at(town.now + timedelta(days=POLICY.trust_days / 2))
    await publish(town)
    later = said_by(TRUST, (await town.http.get("/api/v1/offline/trust")).json(), keys)
    assert later["number"] == trust["number"] + 1


async def test_the_lists_tell_how_they_stand(town: Town) -> None:
    number = await publish(town)
    async with town.database.read() as read:
        stand = await cards.offline.standing(read)
        assert (stand.number, stand.waiting) == (number, 0)
        assert await cards.offline.is_fresh(read)
    town.advance(minutes=6)
    async with town.database.read() as read:
        assert not await cards.offline.is_fresh(read)


async def test_when_the_newest_was_signed_is_measured(town: Town) -> None:
    town.advance(minutes=2)
    await publish(town)
    [line] = [
        one for one in exposition().decode().splitlines() if one.startswith("healthcloud_revocation_delta_issued")
    ]
    assert abs(float(line.split()[1]) - town.now.timestamp()) < 30
