"""What a card was used for: read by its holder only, sealed batch by batch, proven to be whole."""

from datetime import timedelta

import asyncpg
import pytest
from cards.scanning import CASHIER, PHARMACY, REGISTRATION, Holder, Town, a_town, manager

from healthcloud import cards
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id


async def used(town: Town, *scenes: str) -> Holder:
    holder = await town.holder()
    code = town.code(holder.card)
    for scene in scenes:
        answer = await town.scan(code, scene=scene)
        assert answer.status_code == 200, answer.text
    return holder


async def test_a_holder_reads_where_and_when_their_card_was_used_page_by_page(town: Town) -> None:
    holder = await used(town, REGISTRATION, PHARMACY, CASHIER)
    first = (await town.look(holder, "/uses", limit=2)).json()
    assert [use["scene"] for use in first["items"]] == [CASHIER, PHARMACY]
    assert first["items"][0]["institution"] == "演示医院（演示）"
    assert first["items"][0]["terminal"] == "挂号窗口1"
    second = (await town.look(holder, "/uses", limit=2, cursor=first["next"])).json()
    assert [use["scene"] for use in second["items"]] == [REGISTRATION]
    assert second["next"] is None
    assert holder.card.number not in str(first["next"])
    assert (await town.look(holder, "/uses", cursor="nonsense")).json()["code"] == "cursor-unreadable"


async def test_staff_do_not_read_where_else_somebody_goes(town: Town) -> None:
    holder = await used(town, REGISTRATION)
    assert (await town.look(manager("cards.manage", "cards.verify"), "/uses")).status_code == 403
    stranger = await town.holder()
    refused = await town.look(stranger, "/uses", person_id=str(holder.person_id))
    assert refused.json()["code"] == "card-not-found"


async def test_the_scan_s_answer_names_the_use_its_owner_reads(town: Town) -> None:
    holder = await town.holder()
    told = (await town.scan(town.code(holder.card))).json()
    assert [use["id"] for use in await town.uses(holder)] == [told["use"]["id"]]


@pytest.mark.parametrize("harm", ["none", "removed", "altered", "added"])
async def test_what_was_done_to_uses_behind_the_city_s_back_is_found(
    fresh_database: Database, owner_of: str, harm: str
) -> None:
    started = fresh_database.clock.now() - timedelta(seconds=5)
    async with a_town(fresh_database) as town:
        holders = [await used(town, REGISTRATION, PHARMACY) for _ in range(3)]
        await town.scan(holders[0].card.number + ":1:::", second_fact={"kind": "face"})
    card_id = holders[0].card.id
    other = holders[1].card.id
    statements = {
        "none": ("SELECT $1::bytea", card_id),
        "removed": ("DELETE FROM cards.uses WHERE card_id = $1 AND scene = '010103'", card_id),
        "altered": ("UPDATE cards.uses SET scene = '010107' WHERE card_id = $1 AND scene = '010103'", card_id),
        "added": (
            """
            INSERT INTO cards.uses
            SELECT card_id, step_at, slot, terminal_id, '010109', institution_id, person_id, account_id, opened,
                   used_at, $2, position
              FROM cards.uses WHERE card_id = $1 AND scene = '010103'
            """,
            card_id,
            new_id(),
        ),
    }
    owner = await asyncpg.connect(owner_of)
    statement, *arguments = statements[harm]
    await owner.execute(str(statement), *arguments)
    await owner.close()
    async with fresh_database.read() as read:
        verdict = await cards.check_use_batches(read, started, fresh_database.clock.now() + timedelta(seconds=1))
    assert verdict.batches == 7
    expected = {"none": [], "removed": ["removed"], "altered": ["altered"], "added": ["unsealed"]}[harm]
    assert [finding.kind for finding in verdict.findings] == expected
    assert other not in [finding.batch_id.bytes for finding in verdict.findings]


async def test_the_application_can_neither_change_nor_remove_a_use(town: Town) -> None:
    await used(town, REGISTRATION)
    for statement in ("UPDATE cards.uses SET scene = 'x'", "DELETE FROM cards.uses"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await town.database.transact(lambda tx, sql=statement: tx.run(sql))  # type: ignore[misc]  # literals
