"""Staff sign in with password and second factor, and nobody learns which one was wrong."""

import asyncio

import httpx
import pytest
from access.town import API, PASSWORD, Town, a_town

from healthcloud.access.passwords import Passwords
from healthcloud.core.caller import SYSTEM_ACCOUNT
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id


def told(answer: httpx.Response) -> dict[str, object]:
    """Return everything an answer says but its request's id."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


async def test_both_factors_open_a_session_in_a_cookie_scripts_cannot_read(town: Town) -> None:
    member, browser = await town.member(), await town.browser()
    answer = await town.sign_in(browser, member)
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert browser.cookies["hc_session"] not in answer.text
    me = (await browser.get(f"{API}/session")).json()
    assert (me["kind"], me["account_id"], me["scopes"]) == ("staff", str(member.id), ["staff"])
    assert (await town.deeds(member.id))[-1] == ("access.signed-in", "done")


async def test_every_wrong_proof_is_answered_alike(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.2")
    suspended = await town.member()
    wrong = [
        await town.sign_in(browser, member, password="Nicht-das-richtige-1"),
        await town.sign_in(browser, member, code="000000"),
        await town.sign_in(browser, member, login="nobody-of-this-name"),
        await town.sign_in(browser, member, login="Ungültig !"),
        await town.sign_in(browser, suspended, password=""),
    ]
    refusals = wrong[:4]
    assert {answer.status_code for answer in refusals} == {401}
    assert all(told(answer) == told(refusals[0]) for answer in refusals)
    assert refusals[0].json()["code"] == "sign-in-refused"
    assert "hc_session" not in browser.cookies
    assert ("access.sign-in-failed", "refused") in await town.deeds(member.id)
    assert ("access.sign-in-failed", "refused") in await town.deeds(SYSTEM_ACCOUNT)


async def test_a_code_is_good_once(town: Town) -> None:
    member = await town.member()
    first, second = await town.browser("192.0.2.3"), await town.browser("192.0.2.3")
    assert (await town.sign_in(first, member)).status_code == 201
    wish = {"login": member.login, "password": member.password, "code": town.code(member)}
    used = await second.post(f"{API}/staff-sessions", json=wish)
    assert (used.status_code, used.json()["code"]) == (401, "sign-in-code-used")
    # Nor is the one before it, though its half minute would still be accepted.
    wish["code"] = town.code(member, -1)
    assert (await second.post(f"{API}/staff-sessions", json=wish)).status_code == 401


async def test_a_used_code_is_told_only_to_who_knows_the_password_and_locks_nobody(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.5")
    assert (await town.sign_in(browser, member)).status_code == 201
    wish = {"login": member.login, "password": member.password, "code": town.code(member)}
    guessed = await browser.post(f"{API}/staff-sessions", json=wish | {"password": "Nicht-das-richtige-1"})
    assert guessed.json()["code"] == "sign-in-refused"
    again = [await browser.post(f"{API}/staff-sessions", json=wish) for _ in range(7)]
    assert {answer.json()["code"] for answer in again} == {"sign-in-code-used"}
    assert (await town.deeds(member.id))[-1] == ("access.sign-in-failed", "refused")
    town.advance(seconds=30)
    assert (await town.sign_in(browser, member)).status_code == 201


async def test_of_two_racing_with_one_code_one_gets_in(town: Town) -> None:
    member = await town.member()
    town.advance(seconds=30)
    wish = {"login": member.login, "password": member.password, "code": town.code(member)}
    browsers = [await town.browser("192.0.2.4") for _ in range(4)]
    answers = await asyncio.gather(*(one.post(f"{API}/staff-sessions", json=wish) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


async def test_five_failures_lock_an_account_whoever_guesses(town: Town) -> None:
    member = await town.member()
    for guess in range(5):
        browser = await town.browser(f"192.0.2.{10 + guess}")
        assert (await town.sign_in(browser, member, password="Nicht-das-richtige-1")).status_code == 401
    locked = await town.sign_in(await town.browser("192.0.2.15"), member)
    assert (locked.status_code, locked.json()["code"]) == (429, "sign-in-locked")
    assert 14 * 60 <= int(locked.headers["retry-after"]) <= 15 * 60
    assert ("access.locked", "done") in await town.deeds(member.id)
    town.advance(minutes=15)
    assert (await town.sign_in(await town.browser("192.0.2.15"), member)).status_code == 201


async def test_a_name_nobody_has_locks_like_one_somebody_has(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.20")
    nobody = f"n{new_id().hex[-12:]}"
    known = [await town.sign_in(browser, member, password="Nicht-das-richtige-1") for _ in range(6)]
    unknown = [await town.sign_in(browser, member, login=nobody) for _ in range(6)]
    assert [a.status_code for a in known] == [a.status_code for a in unknown] == [401] * 5 + [429]
    assert told(known[-1]) == told(unknown[-1])


async def test_a_name_nobody_has_costs_a_hash_like_one_somebody_has(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    verify = Passwords._verify

    def counted(self: Passwords, kept: str, password: str) -> bool:
        hashes.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(Passwords, "_verify", counted)
    member, browser = await town.member(), await town.browser("192.0.2.22")
    for login in (member.login, "nobody-at-all", "Kein Name!"):
        hashes.clear()
        assert (await town.sign_in(browser, member, login=login, password="Nicht-das-richtige-1")).status_code == 401
        assert len(hashes) == 1
        assert hashes[0].startswith("$argon2id$v=19$m=8,t=1,p=1$")


async def test_a_flood_of_guesses_gets_no_more_than_five(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.21")
    town.advance(seconds=30)
    wishes = [{"login": member.login, "password": f"Geraten-{n}-geraten", "code": "123456"} for n in range(20)]
    answers = await asyncio.gather(*(browser.post(f"{API}/staff-sessions", json=wish) for wish in wishes))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_stuffing_many_names_from_one_address_locks_the_address(database: Database) -> None:
    async with a_town(database, address_failures=8) as town:
        member = await town.member()
        browser = await town.browser("192.0.2.30")
        answers = [await town.sign_in(browser, member, login=f"stuffed-{n}") for n in range(9)]
        assert [answer.status_code for answer in answers] == [401] * 8 + [429]
        assert (await town.sign_in(browser, member)).status_code == 429
        assert (await town.sign_in(await town.browser("192.0.2.31"), member)).status_code == 201


async def test_right_sign_ins_never_lock_a_hospitals_address(database: Database) -> None:
    async with a_town(database, address_failures=5) as town:
        member = await town.member()
        for _ in range(8):
            assert (await town.sign_in(await town.browser("192.0.2.40"), member)).status_code == 201


async def test_success_forgets_earlier_failures(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.41")
    for _ in range(3):
        for _ in range(4):
            assert (await town.sign_in(browser, member, code="000000")).status_code == 401
        assert (await town.sign_in(browser, member)).status_code == 201


async def test_a_password_must_be_changed_after_ninety_days(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.42")
    town.advance(days=90)
    expired = await town.sign_in(browser, member)
    assert (expired.status_code, expired.json()["code"]) == (403, "password-expired")
    town.advance(seconds=30)
    wish = {"login": member.login, "password": PASSWORD, "code": town.code(member), "new_password": "Neues-Wort-2026"}
    assert (await browser.post(f"{API}/password-changes", json=wish)).status_code == 204
    member.password = "Neues-Wort-2026"
    assert (await town.sign_in(browser, member)).status_code == 201
    town.database.clock = type(town.database.clock)()


async def test_changing_the_password_ends_every_session(town: Town) -> None:
    member = await town.member()
    signed_in, other = await town.signed_in(member, "192.0.2.43"), await town.browser("192.0.2.43")
    town.advance(seconds=30)
    wish = {"login": member.login, "password": PASSWORD, "code": town.code(member), "new_password": "Neues-Wort-2026"}
    assert (await other.post(f"{API}/password-changes", json=wish)).status_code == 204
    assert (await signed_in.get(f"{API}/session")).json()["code"] == "session-over"
    assert ("access.password-changed", "done") in await town.deeds(member.id)


async def test_none_of_the_last_five_passwords_comes_back(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.44")

    async def change(new: str) -> httpx.Response:
        town.advance(seconds=30)
        wish = {"login": member.login, "password": member.password, "code": town.code(member), "new_password": new}
        answer = await browser.post(f"{API}/password-changes", json=wish)
        if answer.status_code == 204:
            member.password = new
        return answer

    for n in range(1, 5):
        assert (await change(f"Neues-Wort-202{n}")).status_code == 204
    assert (await change(PASSWORD)).json()["code"] == "password-used-before"
    assert (await change("Neues-Wort-2025")).status_code == 204
    assert (await change(PASSWORD)).status_code == 204


async def test_a_new_password_must_be_good_enough(town: Town) -> None:
    member, browser = await town.member(), await town.browser("192.0.2.45")
    town.advance(seconds=30)
    wish = {"login": member.login, "password": PASSWORD, "code": town.code(member), "new_password": "Admin123!"}
    answer = await browser.post(f"{API}/password-changes", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "password-unfit")
    assert answer.json()["errors"][0]["pointer"] == "#/new_password"
    assert "Admin123!" not in answer.text


async def test_a_hash_of_another_cost_is_made_again_at_sign_in(database: Database) -> None:
    async with a_town(database) as cheap:
        member = await cheap.member()
        before = await kept_hash(database, member.login)
    async with a_town(database, password_memory_kib=16) as dearer:
        assert (await dearer.sign_in(await dearer.browser(), member)).status_code == 201
        after = await kept_hash(database, member.login)
        assert (await dearer.sign_in(await dearer.browser(), member)).status_code == 201
    assert ("m=8," in before, "m=16," in after) == (True, True)


async def kept_hash(database: Database, login: str) -> str:
    async with database.read() as read:
        found = await read.value(str, "SELECT password_hash FROM access.accounts WHERE login = $1", login)
    assert found is not None
    return found


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_sites_page_cannot_act_for_who_is_signed_in(town: Town, headers: dict[str, str]) -> None:
    browser = await town.signed_in(await town.member(), "192.0.2.46")
    for method, path in (("DELETE", "/session"), ("DELETE", "/sessions"), ("POST", "/staff")):
        answer = await browser.request(method, f"{API}{path}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert (await browser.get(f"{API}/session")).status_code == 200
