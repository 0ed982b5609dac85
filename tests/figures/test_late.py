"""Uses told of late are counted in the hour they were made in, and the check agrees."""

from datetime import timedelta

from cards.offline.handing import item, outcomes, told
from cards.offline.phones import own_phone
from cards.scanning import said
from figures.counting import Counted

from healthcloud import cards


async def test_late_uses_count_in_the_hour_of_their_scan_and_the_check_agrees(counted: Counted) -> None:
    town = counted.town
    phones = [await own_phone(town) for _ in range(4)]
    assert said(await town.scan(phones[0].code())) == "taken"
    scans = []
    for phone in phones:
        scans.append(item(town, phone.code()))
        town.advance(hours=5)
    hour = town.now - timedelta(hours=15)
    await counted.count()
    before = (await counted.must_agree()).compared
    assert outcomes(await told(town, *scans)) == ["repeat", "kept", "kept", "kept"]
    # Nothing of them is counted yet, and the check does not count their rows either.
    await counted.count()
    after = await counted.must_agree()
    assert after.compared > before
    begins = hour.replace(minute=0, second=0, microsecond=0)
    async with town.database.read() as read:
        of_hour = await cards.census.uses_of_hour(read, begins)
    assert len(of_hour) == 1
    assert outcomes(await told(town, *scans)) == ["repeat"] * 4
    await counted.count()
    assert (await counted.must_agree()).compared == after.compared
