"""What the province refuses is found by halves and kept; the rest goes up, and a refused account waits whole."""

from datetime import timedelta

import pytest
from province.cities import APP_ID, NOON, SECRET, City

from healthcloud import province
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.clock import Clock
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.province.model import is_of_account, without_numbers
from healthcloud.province.uploading import MOST_SPLITS


async def spoil(city: City, nth: int) -> None:
    """Have one use be of a step the institution has not on file at the province."""
    await city.own(
        "UPDATE province.usages SET scene = '010103' WHERE card_id = decode(lpad(to_hex($1::int), 64, '0'), 'hex')", nth
    )


async def file(city: City, *steps: str, rows_a_day: int | None = None) -> None:
    await city.at.put("/organisations", json={APP_ID: {"steps": list(steps) or None, "rows_a_day": rows_a_day}})


@pytest.mark.parametrize("nth", [1, 250, 500])
async def test_one_refused_use_of_500_stops_no_other(city: City, nth: int) -> None:
    await file(city, "010101")
    await city.used(501)
    await spoil(city, nth)
    await city.run()
    assert await city.states() == {"uploaded": 500, "refused": 1}
    there = await city.there()
    assert (len(there["rows"]), there["duplicates"]) == (500, 0)  # type: ignore[arg-type]  # JSON
    async with city.database.read() as read:
        [one] = await province.refused(read, SYSTEM)
        [line] = await province.standing(read, SYSTEM)
        assert await province.holds(read, SYSTEM) == []
    assert (one.code, one.msg, one.scene) == ("00", "诊疗环节未备案 010103 …", "010103")
    assert (line.refused, line.uploaded, line.waiting) == (1, 500, 0)


async def test_a_corrected_use_goes_up_once_more_and_only_that(city: City) -> None:
    await file(city, "010101")
    await city.used(3)
    await spoil(city, 2)
    await city.run()
    await file(city, "010101", "010103")
    async with city.database.read() as read:
        [one] = await province.refused(read, SYSTEM)
    sent = await city.database.transact(lambda tx: province.send_again(tx, SYSTEM, city.place, [one.id], "已备案"))
    assert sent == 1
    with pytest.raises(province.RefusedUseUnknown):
        await city.database.transact(lambda tx: province.send_again(tx, SYSTEM, city.place, [one.id], "已备案"))
    await city.run()
    assert await city.states() == {"uploaded": 3}
    assert (await city.there())["duplicates"] == 0


async def test_a_refused_use_of_yesterday_stays_and_is_not_sent_again(city: City) -> None:
    await file(city, "010101")
    await city.used(1)
    await spoil(city, 1)
    await city.run()
    city.database.clock = Clock(fixed=NOON + timedelta(days=1))
    await city.run()
    assert await city.states() == {"refused": 1}
    with pytest.raises(province.UseDayOver):
        await city.database.transact(lambda tx: province.send_again(tx, SYSTEM, city.place, None, None))


async def test_a_refused_account_waits_whole_and_is_told(city: City) -> None:
    await file(city, rows_a_day=2)
    await city.used(4)
    await city.run()
    assert await city.states() == {"waiting": 4}
    assert len(await city.own("SELECT FROM province.batches")) == 1
    async with city.database.read() as read:
        [hold] = await province.holds(read, SYSTEM)
    assert hold.error == "code 00 超过当日限额"
    await file(city)
    await city.run()
    assert await city.states() == {"uploaded": 4}
    async with city.database.read() as read:
        assert await province.holds(read, SYSTEM) == []


async def test_splits_of_one_go_are_bounded_and_the_rest_follows(city: City) -> None:
    await file(city, "010103")
    await city.used(100)
    await city.run()
    assert len(await city.own("SELECT FROM province.batches")) == 1 + 2 * MOST_SPLITS
    async with city.database.read() as read:
        assert len(await province.holds(read, SYSTEM)) == 1
    for _ in range(2):
        await city.run()
    assert await city.states() == {"refused": 100}


async def test_only_the_city_s_operators_send_again_and_an_institution_sees_its_own(city: City) -> None:
    await file(city, "010103")
    await city.used(1)
    await city.run()
    stranger = Caller(CallerKind.STAFF, new_id(), frozenset({"jobs.manage", "figures.read"}), institution_id=new_id())
    own = Caller(CallerKind.STAFF, new_id(), frozenset({"figures.read"}), institution_id=city.place)
    with pytest.raises(Forbidden):
        await city.database.transact(lambda tx: province.send_again(tx, stranger, city.place, None, None))
    async with city.database.read() as read:
        assert await province.refused(read, stranger) == []
        [one] = await province.refused(read, own)
        with pytest.raises(province.RefusedUseUnknown):
            await province.refused_use(read, stranger, one.id)
        with pytest.raises(Forbidden):
            await province.refused(read, Caller(CallerKind.STAFF, new_id(), frozenset()))


async def test_a_row_out_of_form_is_refused_by_the_simulator(city: City) -> None:
    row = {"ehealthCardId": "A" * 64, "medstepcode": "010101", "terminalcode": "-1", "channelcode": "01"}
    row["useTime"] = NOON.strftime("%Y-%m-%d %H:%M:%S")
    wrong = {"ehealthCardId": "健康卡编号", "medstepcode": "诊疗环节", "terminalcode": "终端号", "channelcode": "渠道"}
    for name, why in wrong.items():
        with pytest.raises(province.ProvinceRefused, match=why):
            await city.client.upload(APP_ID, SECRET, "n", [row, row | {name: "wrong"}])
    assert (await city.there())["rows"] == []


def test_words_of_the_province_are_kept_without_numbers() -> None:
    assert without_numbers("证件号\n37040219900101001X 错误") == "证件号 … 错误"
    assert is_of_account("摘要错误")
    assert not is_of_account("诊疗环节未备案 010103")
