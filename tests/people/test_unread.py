"""What is new to somebody: what others did since they looked last; counted once, whichever tab looked."""

from datetime import timedelta
from uuid import UUID

import pytest
from people.makers import desk, register, resident

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database
from healthcloud.people.deeds import CONTACT_CHANGED, CORRECTED, OPENED

KINDS = (CORRECTED, OPENED, CONTACT_CHANGED)


async def somebody(database: Database) -> Caller:
    return resident((await register(database)).person_id)


async def done(database: Database, caller: Caller, deed: str, person_id: UUID | None) -> None:
    assert person_id is not None
    await database.transact(lambda tx: audit.record(tx, caller, deed, person_id, reason="测试"))


async def unread(database: Database, caller: Caller, kinds: tuple[str, ...] = KINDS) -> int:
    async with database.read() as read:
        return await people.looks.unread(read, caller, kinds)


async def look(database: Database, caller: Caller) -> None:
    """Look at every message, as the page does."""
    async with database.read() as read:
        [newest, *_] = await people.looks.own_looks(read, caller, limit=1)
    await database.transact(lambda tx: people.looks.mark_read(tx, caller, newest.at))


async def test_what_others_did_is_new_until_it_was_looked_at(database: Database) -> None:
    me, clerk = await somebody(database), desk()
    assert await unread(database, me) == 0
    await done(database, clerk, CORRECTED, me.person_id)
    await done(database, clerk, OPENED, me.person_id)
    await done(database, me, CONTACT_CHANGED, me.person_id)  # one's own doing is no news
    assert await unread(database, me) == 2
    assert await unread(database, me, (OPENED,)) == 1
    await look(database, me)
    assert await unread(database, me) == 0
    await done(database, clerk, OPENED, me.person_id)
    assert await unread(database, me) == 1


async def test_looking_twice_or_from_an_older_tab_changes_nothing(database: Database) -> None:
    me, clerk = await somebody(database), desk()
    await done(database, clerk, OPENED, me.person_id)
    early = database.clock.now()
    await done(database, clerk, OPENED, me.person_id)
    await look(database, me)
    await look(database, me)
    await database.transact(lambda tx: people.looks.mark_read(tx, me, early))
    assert await unread(database, me) == 0


async def test_each_account_has_a_mark_of_its_own(database: Database) -> None:
    me = await somebody(database)
    other_account = resident(me.person_id)
    await done(database, desk(), OPENED, me.person_id)
    await look(database, me)
    assert (await unread(database, me), await unread(database, other_account)) == (0, 1)


async def test_what_is_older_than_ninety_days_is_no_news(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    me = await somebody(database)
    await done(database, desk(), OPENED, me.person_id)
    monkeypatch.setattr(database, "clock", Clock(offset=people.looks.NEW_FOR + timedelta(minutes=1)))
    assert await unread(database, me) == 0


async def test_the_count_stops_at_a_hundred(database: Database) -> None:
    me, clerk = await somebody(database), desk()
    assert me.person_id is not None
    many = [audit.Entry(OPENED, me.person_id, "done", "测试", {})] * (people.looks.MOST_COUNTED + 20)
    await database.transact(lambda tx: audit.record_many(tx, clerk, many))
    assert await unread(database, me) == people.looks.MOST_COUNTED


async def test_who_is_nobody_has_nothing(database: Database) -> None:
    assert await unread(database, desk()) == await unread(database, resident()) == 0
