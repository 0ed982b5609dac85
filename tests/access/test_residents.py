"""Residents sign in with a code to their phone; sending and guessing are limited per number, address and device."""

import asyncio
from uuid import UUID

import asyncpg
import httpx
import pytest
from access.town import API, Town, a_town

from healthcloud import access
from healthcloud.core.caller import SYSTEM_ACCOUNT
from healthcloud.core.db import Database

_next = iter(range(10_000))


def number() -> str:
    return f"1390000{next(_next):04}"


async def ask(browser: httpx.AsyncClient, phone: str, purpose: str = "sign-in") -> httpx.Response:
    return await browser.post(f"{API}/codes", json={"phone": phone, "purpose": purpose})


async def redeem(browser: httpx.AsyncClient, phone: str, code: str) -> httpx.Response:
    return await browser.post(f"{API}/resident-sessions", json={"phone": phone, "code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_the_first_sign_in_opens_the_account_the_second_finds_it(town: Town) -> None:
    phone = number()
    first, second = await town.resident(phone), await town.resident(f"+86 {phone[:3]} {phone[3:]}")
    me, again = [(await one.get(f"{API}/session")).json() for one in (first, second)]
    assert me["account_id"] == again["account_id"]
    assert (me["kind"], me["scopes"], me["phone"]) == ("resident", ["resident"], f"139****{phone[-4:]}")
    account = [deed for deed, _ in await town.deeds(UUID(me["account_id"]))]
    assert account == ["access.resident-joined", "access.signed-in", "access.signed-in"]


async def test_a_known_and_an_unknown_number_are_answered_alike(town: Town) -> None:
    known, unknown = number(), number()
    await town.resident(known)
    town.advance(minutes=2)
    browsers = await town.browser("203.0.113.1"), await town.browser("203.0.113.2")
    answers = [await ask(browser, phone) for browser, phone in zip(browsers, (known, unknown), strict=True)]
    assert answers[0].status_code == answers[1].status_code == 202
    assert answers[0].json() == answers[1].json() == {"good_seconds": 300, "again_seconds": 60}
    refused = [await redeem(b, p, "000000") for b, p in zip(browsers, (known, unknown), strict=True)]
    assert [one.json()["code"] for one in refused] == ["code-refused"] * 2


async def test_a_code_is_good_once_for_five_minutes_and_its_own_number(town: Town) -> None:
    phone, other = number(), number()
    browser = await town.browser("203.0.113.3")
    await ask(browser, phone)
    code = await town.code_to(phone)
    await ask(browser, other)
    await town.code_to(other)
    assert (await redeem(browser, other, code)).status_code == 401
    assert (await redeem(browser, phone, code)).status_code == 201
    assert (await redeem(browser, phone, code)).status_code == 401
    town.advance(minutes=1)
    await ask(browser, phone)
    late = await town.code_to(phone)
    town.advance(minutes=5)
    assert (await redeem(browser, phone, late)).status_code == 401


async def test_a_new_code_takes_the_old_ones_place(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.4")
    await ask(browser, phone)
    old = await town.code_to(phone)
    town.advance(minutes=1)
    await ask(browser, phone)
    new = await town.code_to(phone)
    if old != new:
        assert (await redeem(browser, phone, old)).status_code == 401
    assert (await redeem(browser, phone, new)).status_code == 201


async def test_five_wrong_guesses_spend_a_code_also_at_once(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.5")
    await ask(browser, phone)
    code = await town.code_to(phone)
    answers = await asyncio.gather(*(redeem(browser, phone, wrong(code)) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {401}
    assert (await redeem(browser, phone, code)).status_code == 401
    assert ("access.sign-in-failed", "refused") in await town.deeds(SYSTEM_ACCOUNT)


async def test_of_many_racing_with_one_code_one_gets_in(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.6")
    await ask(browser, phone)
    code = await town.code_to(phone)
    browsers = [await town.browser("203.0.113.6") for _ in range(6)]
    answers = await asyncio.gather(*(redeem(one, phone, code) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 5


async def test_guesses_for_one_number_are_limited_over_many_codes(database: Database) -> None:
    async with a_town(database, code_guesses_per_number_day=7) as town:
        phone, browser = number(), await town.browser("203.0.113.7")
        seen = []
        for guess in range(8):
            if guess % 4 == 0:
                town.advance(minutes=1)
                await ask(browser, phone)
            seen.append((await redeem(browser, phone, wrong(await town.code_to(phone)))).status_code)
        assert seen == [401] * 7 + [429]
        right = await redeem(await town.browser("203.0.113.8"), phone, await town.code_to(phone))
        assert (right.status_code, right.json()["code"]) == (429, "codes-locked")


async def test_guesses_from_one_address_are_limited_over_many_numbers(database: Database) -> None:
    async with a_town(database, code_guesses_per_address_hour=6) as town:
        browser = await town.browser("203.0.113.9")
        seen = [(await redeem(browser, number(), "123456")).status_code for _ in range(7)]
        assert seen == [401] * 6 + [429]


async def test_codes_to_one_number_are_limited_whoever_asks(town: Town) -> None:
    phone = number()
    hasty = [await ask(await town.browser(f"203.0.113.{10 + n}"), phone) for n in range(3)]
    assert [one.status_code for one in hasty] == [202, 429, 429]
    assert (hasty[1].json()["code"], hasty[1].headers["retry-after"]) == ("codes-too-often", "60")
    patient = []
    for n in range(5):
        town.advance(minutes=1)
        patient.append((await ask(await town.browser(f"203.0.113.{20 + n}"), phone)).status_code)
    assert patient == [202] * 4 + [429]
    town.advance(hours=1)
    for n in range(6):
        town.advance(minutes=30)
        patient.append((await ask(await town.browser(f"203.0.113.{30 + n}"), phone)).status_code)
    assert patient[5:] == [202] * 5 + [429]


async def test_hammering_one_number_costs_only_its_minute(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.40")
    answers = [(await ask(browser, phone)).status_code for _ in range(15)]
    assert answers == [202] + [429] * 14
    town.advance(minutes=1)
    assert (await ask(browser, phone)).status_code == 202


async def test_codes_from_one_address_are_limited(database: Database) -> None:
    async with a_town(database, code_sends_per_address_hour=4) as town:
        answers = [await ask(await town.browser("203.0.113.41"), number()) for _ in range(5)]
        assert [one.status_code for one in answers] == [202] * 4 + [429]
        assert (await ask(await town.browser("203.0.113.42"), number())).status_code == 202


async def test_an_ipv6_house_is_one_address(database: Database) -> None:
    async with a_town(database, code_sends_per_address_hour=2) as town:
        answers = [await ask(await town.browser(f"2001:db8:1:2::{n}"), number()) for n in range(3)]
        assert [one.status_code for one in answers] == [202, 202, 429]
        assert (await ask(await town.browser("2001:db8:1:3::1"), number())).status_code == 202


async def test_codes_from_one_device_are_limited_at_any_address(database: Database) -> None:
    async with a_town(database, code_sends_per_device_hour=3) as town:
        device = await town.browser("203.0.113.43")
        answers = [
            (await device.post(f"{API}/codes", json={"phone": number()}, headers={"X-Forwarded-For": f"203.0.113.{n}"}))
            for n in range(50, 54)
        ]
        assert [one.status_code for one in answers] == [202] * 3 + [429]
        assert "HttpOnly" in answers[0].headers["set-cookie"]
        assert len({one.headers.get("set-cookie") for one in answers[1:]}) == 1


@pytest.mark.parametrize("phone", ["0632-3314999", "12345", "nonsense", "138000000000000"])
async def test_only_a_mobile_number_gets_a_code(town: Town, phone: str) -> None:
    answer = await ask(await town.browser("203.0.113.60"), phone)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-a-mobile-number")
    assert phone not in answer.text


async def test_the_text_names_the_deed_and_no_person(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.61")
    await ask(browser, phone)
    text = await town.text_to(phone)
    assert text.startswith("【健康云】登录验证码 ")
    assert "5 分钟内有效" in text


async def test_the_text_is_in_the_language_of_who_asks(town: Town) -> None:
    phone = number()
    await access.residents.request_code(
        town.database,
        town.policy,
        phone,
        access.residents.CodePurpose.SIGN_IN,
        address="203.0.113.62",
        device="",
        language="en",
    )
    assert (await town.text_to(phone)).startswith("[Health Cloud]")


async def test_another_number_needs_a_code_to_each(town: Town) -> None:
    old, new = number(), number()
    browser, elsewhere = await town.resident(old), await town.resident(old)
    town.advance(minutes=1)
    await ask(browser, new, "change-phone")
    await ask(browser, old, "change-phone")
    codes = {"code": await town.code_to(new), "present_code": await town.code_to(old)}
    path = f"{API}/phone-changes"
    for name, code in codes.items():
        refused = await browser.post(path, json={"phone": new, **codes, name: wrong(code)})
        assert refused.json()["code"] == "code-refused"
    # A wrong guess beside a right one has spent the right one.
    town.advance(minutes=1)
    await ask(browser, new, "change-phone")
    await ask(browser, old, "change-phone")
    codes = {"code": await town.code_to(new), "present_code": await town.code_to(old)}
    before = browser.cookies["hc_session"]
    assert (await browser.post(path, json={"phone": new, **codes})).status_code == 204
    assert browser.cookies["hc_session"] != before
    assert (await browser.get(f"{API}/session")).json()["phone"] == f"139****{new[-4:]}"
    assert (await elsewhere.get(f"{API}/session")).json()["code"] == "session-over"
    assert "登录手机号已更换" in await town.text_to(old)
    account = (await browser.get(f"{API}/session")).json()["account_id"]
    assert (await (await town.resident(new)).get(f"{API}/session")).json()["account_id"] == account
    assert (await (await town.resident(old)).get(f"{API}/session")).json()["account_id"] != account


async def test_a_code_for_one_thing_is_no_good_for_another(town: Town) -> None:
    phone, browser = number(), await town.browser("203.0.113.62")
    await ask(browser, phone, "change-phone")
    assert (await redeem(browser, phone, await town.code_to(phone))).status_code == 401


async def test_a_number_somebody_signs_in_with_cannot_be_taken_over(town: Town) -> None:
    old, taken = number(), number()
    await town.resident(taken)
    browser = await town.resident(old)
    town.advance(minutes=1)
    await ask(browser, taken, "change-phone")
    await ask(browser, old, "change-phone")
    wish = {"phone": taken, "code": await town.code_to(taken), "present_code": await town.code_to(old)}
    answer = await browser.post(f"{API}/phone-changes", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "phone-taken")
    assert (await browser.get(f"{API}/session")).json()["phone"] == f"139****{old[-4:]}"


async def test_a_resident_signs_out_everywhere(town: Town) -> None:
    phone = number()
    browsers = [await town.resident(phone) for _ in range(2)]
    assert len((await browsers[0].get(f"{API}/sessions")).json()) == 2
    assert (await browsers[0].delete(f"{API}/sessions")).status_code == 204
    assert (await browsers[1].get(f"{API}/session")).json()["code"] == "session-over"


async def test_a_residents_session_ends_when_long_unused(town: Town) -> None:
    browser = await town.resident(number())
    town.advance(days=29)
    assert (await browser.get(f"{API}/session")).status_code == 200
    town.advance(days=30)
    assert (await browser.get(f"{API}/session")).json()["code"] == "session-over"
    town.database.clock = type(town.database.clock)()


async def test_a_resident_is_no_staff(town: Town) -> None:
    browser = await town.resident(number())
    for method, path in (("GET", "/staff"), ("GET", "/clients"), ("GET", "/roles"), ("PUT", "/pin")):
        assert (await browser.request(method, f"{API}{path}")).status_code == 403


async def test_numbers_and_codes_are_not_in_the_database_in_the_clear(town: Town, owner_url: str) -> None:
    phone = number()
    browser = await town.browser("203.0.113.63")
    await ask(browser, phone)
    code = await town.code_to(phone)
    connection = await asyncpg.connect(owner_url)
    for table in ("access.accounts", "access.phones", "access.one_time_codes", "access.tries", "channels.outgoing"):
        text = str(await connection.fetch(f"SELECT t::text FROM {table} t"))
        assert phone not in text
        assert phone.encode().hex() not in text
        assert f"'{code}'" not in text
    await connection.close()
