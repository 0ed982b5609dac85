"""The demonstration's residents have used their cards before the city is shown."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.cities import settings_for
from fixtures.counted import count_all
from fixtures.databases import Copy

from healthcloud import audit, cards, figures, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import load_city, registrations
from healthcloud.server.demonstration.past import DAYS, live_past


@pytest.fixture
async def fresh_city(fresh_copy: Copy, tmp_path: Path) -> AsyncIterator[City]:
    async with open_city(settings_for(fresh_copy, tmp_path)) as opened:
        yield opened


async def test_a_week_of_uses_is_written_sealed_and_counted(fresh_city: City, tmp_path: Path) -> None:
    database = fresh_city.database
    await load_city(database)
    rows = people.loading.prepare_residents(
        database.vault, registrations(0, 200), database.clock.now(), people.Level.REGISTRY
    )
    await database.transact(lambda tx: people.loading.load_residents(tx, SYSTEM, rows))
    await database.transact(lambda tx: cards.load_cards(tx, SYSTEM, rows.person_ids))
    now = database.clock.now()
    made = await live_past(database, rows.person_ids)
    assert made > 1000
    await audit.Sealer(database, audit.HeadFile(tmp_path / "heads")).seal()
    await count_all(database)
    async with database.read() as read:
        verdict = await figures.check(read, SYSTEM, until=now + timedelta(days=1))
        sealed = await cards.check_use_batches(read, now - timedelta(days=DAYS + 1), database.clock.now())
        days = [
            sum((await figures.overview(read, SYSTEM, (now - timedelta(days=back)).astimezone(SHANGHAI).date())).hours)
            for back in range(DAYS + 1)
        ]
    assert verdict.differences == []
    assert (sealed.uses, sealed.findings) == (made, [])
    assert sum(days) == made
    assert all(days[1:DAYS])
