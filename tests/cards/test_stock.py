"""Batches of cards made ahead: each row once, wrong rows back with why, what is left counted, rows sealed."""

from datetime import timedelta
from math import inf
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from fixtures.databases import Copy
from people.makers import SEEN, checked, desk, next_name, next_number, register

from healthcloud import audit, cards, people
from healthcloud.cards.stock.jobs import AT_ONCE, make_batch, reseal
from healthcloud.cards.stock.model import read_rows
from healthcloud.core.background import Body, Progress
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import FileKeyStore, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Unacceptable

OPERATOR = desk(None, "cards.manage", "people.register", "cards.issue")


async def a_row(database: Database) -> tuple[people.Registered, str]:
    """Register somebody; return them, and the line a list would have of them."""
    number, name = next_number(), next_name()
    documents = (people.DocumentForm("01", number),)
    made = await register(database, checked(name=name, documents=documents), verification=SEEN)
    return made, f"01,{number},{name}"


async def orders(database: Database, *lines: str, who: Caller = OPERATOR) -> UUID:
    wish = cards.stock.Order("测试批次", read_rows("\n".join(lines)))
    return await database.transact(lambda tx: cards.stock.order_batch(tx, who, wish))


async def _step(database: Database, body: Body) -> Progress | None:
    return await database.transact(lambda tx: make_batch(tx, body))


async def runs(database: Database, batch: UUID) -> int:
    """Run the job to its end, return how many transactions it took."""
    body: Body = {"batch": str(batch)}
    for count in range(1, 100):
        progress = await _step(database, body)
        if not isinstance(progress, Progress):
            return count
        body = progress.body
    raise AssertionError


async def test_each_row_makes_one_card_and_wrong_ones_come_back(fresh_database: Database) -> None:
    database = fresh_database
    first, line = await a_row(database)
    second, other = await a_row(database)
    holder, there = await a_row(database)
    await database.transact(lambda tx: cards.apply(tx, OPERATOR, cards.Application(holder.person_id)))
    wrong_name = (await a_row(database))[1].rpartition(",")[0] + ",别的名字"
    lines = (line, other, there, wrong_name, f"01,{next_number()},没登记过", "01,12345,号码不对")
    batch = await orders(database, *lines)
    await runs(database, batch)
    async with database.read() as read:
        tally = await cards.stock.tally_of(read, OPERATOR, batch)
        faults = await cards.stock.faults_of(read, OPERATOR, batch)
        one = await cards.stock.batch(read, OPERATOR, batch)
        card = await cards.card_of(read, first.person_id)
    assert tally == (2, 1, 3, 0, 2)
    assert faults == {"name-differs": 1, "person-not-found": 1, "unacceptable": 1}
    assert one.done_at is not None
    assert card is not None
    assert card.status == cards.CardStatus.PREPARED
    back = await database.transact(lambda tx: cards.stock.rejected_rows(tx, OPERATOR, batch))
    assert [row.row.name for row in back] == ["别的名字", "没登记过", "号码不对"]
    applied = await database.transact(lambda tx: cards.apply(tx, OPERATOR, cards.Application(second.person_id)))
    assert applied.outcome == "activated"
    async with database.read() as read:
        assert (await cards.stock.tally_of(read, OPERATOR, batch))[3:] == (1, 1)
        deeds = await audit.deeds_about(read, [first.person_id])
    prepared = next(deed for deed in deeds if deed.deed == "cards.prepared")
    assert prepared.actor_id == OPERATOR.account_id
    assert next(deed for deed in deeds if deed.deed == "people.looked-up").reason == "批量制卡：测试批次"


async def test_a_run_broken_off_goes_on_and_makes_nothing_twice(fresh_database: Database) -> None:
    database = fresh_database
    lines = [(await a_row(database))[1] for _ in range(AT_ONCE + 3)]
    batch = await orders(database, *lines)
    await database.transact(lambda tx: make_batch(tx, {"batch": str(batch)}))
    async with database.read() as read:
        assert (await cards.stock.tally_of(read, OPERATOR, batch)).prepared == AT_ONCE
        assert (await cards.stock.batch(read, OPERATOR, batch)).done_at is None
    await runs(database, batch)
    async with database.read() as read:
        assert await cards.stock.tally_of(read, OPERATOR, batch) == (AT_ONCE + 3, 0, 0, 0, AT_ONCE + 3)


async def test_only_who_looks_after_cards_orders_and_reads(fresh_database: Database) -> None:
    _, line = await a_row(fresh_database)
    with pytest.raises(Forbidden):
        await orders(fresh_database, line, who=desk(None, "cards.issue"))
    batch = await orders(fresh_database, line)
    with pytest.raises(Forbidden):
        await fresh_database.transact(lambda tx: cards.stock.rejected_rows(tx, desk(None, "cards.issue"), batch))


def test_a_list_is_read_however_it_is_parted_and_its_faults_are_placed() -> None:
    plain = read_rows("证件类型,证件号码,姓名\n01,370402190001010015,张三\n\n01,370402190001010015,张三\n")
    assert len(plain) == 1
    assert read_rows("01\t370402190001010015\t张三") == plain
    assert read_rows("０１,３７０４０２１９０００１０１００１５,张三,姓名与登记的不一致") == plain
    for text in ("", "\n\n", "01,370402190001010015", "x" * 200 + ",1,2", "\n".join(f"01,{n},名" for n in range(5001))):
        with pytest.raises(Unacceptable):
            read_rows(text)


async def test_rows_are_sealed_and_follow_their_key(fresh_copy: Copy, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_development_keys(path, (*people.PURPOSES, *cards.PURPOSES))
    keys = FileKeyStore(path, settling=timedelta(days=-1), look_every=inf)
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys), size=2)
    batch = await orders(database, f"01,{next_number()},没登记过")
    await runs(database, batch)
    connection = await asyncpg.connect(fresh_copy.owner_url)
    sealed = await connection.fetchval("SELECT row_sealed FROM cards.stock_rows")
    await connection.close()
    assert "没登记过".encode() not in sealed
    for step in ("add_key", "promote"):
        getattr(keys, step)("cards.stock")
    await database.transact(lambda tx: reseal(tx, {}))
    keys.retire("cards.stock")
    [row] = await database.transact(lambda tx: cards.stock.rejected_rows(tx, OPERATOR, batch))
    assert row.row.name == "没登记过"
    await database.close()
