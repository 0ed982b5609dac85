"""Drafts: one account's, of one form, for two hours; sealed, and gone once they are over."""

from datetime import timedelta
from uuid import UUID

import pytest

from healthcloud.core.caller import GUEST, Caller, CallerKind
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database, Read
from healthcloud.core.drafts import draft, forget_expired_drafts, keep_draft
from healthcloud.core.errors import Unauthenticated

WHO, ANOTHER = (Caller(CallerKind.RESIDENT, UUID(int=number)) for number in (1, 2))
FORM, FIELDS = "/me/corrections/new", {"subject": "name", "text": "我姓章，不姓张"}


async def kept(database: Database) -> UUID:
    return await database.transact(lambda tx: keep_draft(tx, WHO, FORM, FIELDS))


async def found(read: Read, draft_id: UUID, *, caller: Caller = WHO, form: str = FORM) -> dict[str, str] | None:
    return await draft(read, caller, form, draft_id)


async def test_a_draft_is_of_one_account_and_one_form(database: Database) -> None:
    one = await kept(database)
    async with database.read() as read:
        assert await found(read, one) == FIELDS
        assert await found(read, one, caller=ANOTHER) is None
        assert await found(read, one, form="/me/closing") is None
        assert await found(read, UUID(int=7)) is None


async def test_what_is_kept_tells_nothing(database: Database) -> None:
    await kept(database)
    async with database.read() as read:
        [sealed, *_] = await read.values(bytes, "SELECT fields_sealed FROM core.drafts")
    assert "章".encode() not in sealed


async def test_a_guest_keeps_none(database: Database) -> None:
    with pytest.raises(Unauthenticated):
        await database.transact(lambda tx: keep_draft(tx, GUEST, FORM, FIELDS))


async def test_after_two_hours_it_is_not_found_and_then_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await kept(database)
    monkeypatch.setattr(database, "clock", Clock(offset=timedelta(hours=2, seconds=1)))
    async with database.read() as read:
        assert await found(read, one) is None
    assert await database.transact(forget_expired_drafts) >= 1
    assert await database.transact(forget_expired_drafts) == 0
