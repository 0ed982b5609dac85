"""Uses go up to the province on their own day, each batch as it was fixed; what missed its day is seen."""

import pytest
from province.cities import APP_ID, CLOCK, EARLIER, NOON, SECRET, City

from healthcloud import province
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import sm3
from healthcloud.province.model import EVERY, next_upload
from healthcloud.province.protocol import encrypted, string_to_sign


async def test_a_day_goes_up_in_batches_of_at_most_500(city: City) -> None:
    await city.used(501)
    await city.run()
    there = await city.there()
    assert (len(there["rows"]), there["duplicates"], len(there["batches"])) == (501, 0, 2)  # type: ignore[arg-type]  # JSON
    assert await city.states() == {"uploaded": 501}


async def test_a_batch_whose_answer_was_lost_goes_up_again_as_it_was(city: City) -> None:
    await city.used(3)
    await city.at.put("/behaviour", json={"lose_next": 1})
    await city.run()
    assert await city.states() == {"waiting": 3}
    await city.run()
    there = await city.there()
    assert there["duplicates"] == 3
    assert list(there["batches"].values()) == [2]  # type: ignore[attr-defined]  # JSON
    assert await city.states() == {"uploaded": 3}


async def test_what_missed_its_day_is_shown_and_never_sent(city: City) -> None:
    await city.used(2, days_ago=1)
    await city.run()
    assert await city.states() == {"missed": 2}
    assert (await city.there())["rows"] == []
    async with city.database.read() as read:
        [line] = await province.standing(read, SYSTEM)
    assert (line.missed, line.uploaded, line.oldest_at) == (2, 0, NOON - EARLIER)


async def test_what_was_sent_and_never_answered_on_its_day_is_unknown(city: City) -> None:
    await city.used(1)
    await city.at.put("/behaviour", json={"fail_next": 1})
    await city.run()
    await city.own("UPDATE province.batches SET day = day - 1")
    await city.run()
    assert await city.states() == {"unknown": 1}


async def test_the_province_refuses_yesterday_too_many_and_a_wrong_digest(city: City) -> None:
    row = {
        "ehealthCardId": "A" * 64,
        "medstepcode": "010101",
        "terminalcode": "-1",
        "channelcode": "01",
        "useTime": NOON.strftime("%Y-%m-%d %H:%M:%S"),
    }
    late = row | {"useTime": (NOON - EARLIER).strftime("%Y-%m-%d %H:%M:%S")}
    for rows, key in ([late], SECRET), ([row] * 501, SECRET), ([row], "0" * 16):
        with pytest.raises(province.ProvinceRefused, match="code 00"):
            await city.client.upload(APP_ID, key, "n", rows)
    await city.client.upload(APP_ID, SECRET, "n", [row] * 500)


async def test_where_simulators_are_refused_nothing_counts_as_up(city: City) -> None:
    await city.used(1)
    async with province.HttpProvince(str(city.at.base_url), clock=CLOCK) as strict:
        city.client, kept = strict, city.client
        await city.run()
        city.client = kept
    assert await city.states() == {"waiting": 1}


def test_the_vectors_of_family_c() -> None:
    fields = {"app_id": "APP", "biz_content": '{"a":"1"}', "digest_type": "SM3", "enc_type": "SM4"}
    fields |= {"method": "ehc.ehealthcode.verify", "term_id": "T1", "timestamp": "1600000000000", "version": "X.M.0.1"}
    digest = sm3(string_to_sign(fields, "0123456789ABCDEF")).hex()
    assert digest == "c251d98688711edb4c7b0fc7015968789b7206147d8fe01c8e3f3830a4d25ba8"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert encrypted(key, b'{"a":"1"}').hex() == "72cb240576bdca229f531dba47b5f379"


def test_uploads_come_closer_together_before_midnight() -> None:
    assert next_upload(NOON, 0, 0.5) == NOON + EVERY
    before = NOON.replace(hour=23, minute=40)
    assert next_upload(before, 0, 0.5) == NOON.replace(hour=23, minute=45)
    assert next_upload(NOON.replace(hour=23, minute=50), 0, 0.5) == NOON.replace(hour=23, minute=51)
    assert next_upload(NOON, 1, 0.0) == NOON
