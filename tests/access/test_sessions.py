"""A session ends when its owner, an administrator or time says so, and at once."""

import httpx
import pytest
from access.town import API, Town

from healthcloud import access
from healthcloud.core.caller import SYSTEM


async def state(browser: httpx.AsyncClient) -> str:
    """Return what the session's owner is told: `open`, or the problem's code."""
    answer = await browser.get(f"{API}/session")
    return "open" if answer.status_code == 200 else str(answer.json()["code"])


async def unlock(browser: httpx.AsyncClient, **proof: str) -> httpx.Response:
    return await browser.post(f"{API}/session/unlocking", json=proof)


async def test_a_planted_token_never_becomes_a_signed_in_one(town: Town) -> None:
    attacker = await town.signed_in(await town.member())
    planted = attacker.cookies["hc_session"]
    victim = await town.browser()
    victim.cookies.set("hc_session", planted, domain="127.0.0.1")
    assert (await town.sign_in(victim, await town.member())).status_code == 201
    assert victim.cookies["hc_session"] != planted
    assert await state(attacker) == "session-over"


@pytest.mark.parametrize("cookie", ["", "short", "A" * 64, "é" * 10, "-" * 64])
async def test_an_invented_token_is_nobodys(town: Town, cookie: str) -> None:
    browser = await town.browser()
    answer = await browser.get(f"{API}/session", headers={b"Cookie": f"hc_session={cookie}".encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "session-over")


async def test_signing_out_kills_the_token(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    stolen = browser.cookies["hc_session"]
    answer = await browser.delete(f"{API}/session")
    assert answer.status_code == 204
    assert "hc_session" not in browser.cookies
    thief = await town.browser()
    thief.cookies.set("hc_session", stolen)
    assert await state(thief) == "session-over"
    assert ("access.signed-out", "done") in await town.deeds(member.id)
    assert (await browser.delete(f"{API}/session")).status_code == 204


async def test_one_sees_and_ends_ones_own_devices(town: Town) -> None:
    member = await town.member()
    here = await town.signed_in(member)
    phone = await town.signed_in(member, **{"User-Agent": "Mozilla (iPhone; iOS) MicroMessenger/8.0"})
    listed = (await here.get(f"{API}/sessions")).json()
    assert [one["device"] for one in listed] == ["Chrome · Windows", "微信 · iPhone"]
    stranger = await town.signed_in(await town.member())
    assert (await stranger.delete(f"{API}/sessions/{listed[1]['id']}")).json()["code"] == "no-such-session"
    assert (await here.delete(f"{API}/sessions/{listed[1]['id']}")).status_code == 204
    assert (await state(here), await state(phone)) == ("open", "session-over")


async def test_signing_out_everywhere_ends_every_device(town: Town) -> None:
    member = await town.member()
    browsers = [await town.signed_in(member) for _ in range(3)]
    bystander = await town.signed_in(await town.member())
    assert (await browsers[0].delete(f"{API}/sessions")).status_code == 204
    assert [await state(one) for one in browsers] == ["unauthenticated", "session-over", "session-over"]
    assert await state(bystander) == "open"


async def test_a_session_left_alone_is_locked_not_lost(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    town.advance(minutes=14)
    assert await state(browser) == "open"
    town.advance(minutes=14)
    assert await state(browser) == "open"
    town.advance(minutes=15)
    assert await state(browser) == "session-locked"
    before = browser.cookies["hc_session"]
    assert (await unlock(browser, code=town.code(member))).status_code == 204
    assert await state(browser) == "open"
    # Unlocking raises what the session may do again, so its token is a new one and the old one worth nothing.
    assert browser.cookies["hc_session"] != before
    thief = await town.browser()
    thief.cookies.set("hc_session", before)
    assert await state(thief) == "session-over"
    assert ("access.session-resumed", "done") in await town.deeds(member.id)


async def test_a_pin_unlocks_too(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    town.advance(seconds=30)
    for weak in ("111111", "abcdef", "112211"):
        assert (await browser.put(f"{API}/pin", json={"pin": weak, "code": town.code(member)})).status_code == 422
    assert (await browser.put(f"{API}/pin", json={"pin": "135790", "code": "000000"})).status_code == 401
    assert (await browser.put(f"{API}/pin", json={"pin": "135790", "code": town.code(member)})).status_code == 204
    town.advance(minutes=16)
    assert (await unlock(browser, pin="135791")).status_code == 401
    assert (await unlock(browser, pin="135790")).status_code == 204
    assert await state(browser) == "open"


async def test_a_code_unlocks_once(town: Town) -> None:
    member = await town.member()
    one, other = await town.signed_in(member), await town.signed_in(member)
    town.advance(minutes=16)
    code = town.code(member)
    assert (await unlock(one, code=code)).status_code == 204
    assert (await unlock(other, code=code)).status_code == 401


async def test_five_wrong_tries_end_a_locked_session(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    town.advance(minutes=16)
    answers = [await unlock(browser, code="000000") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 5
    town.advance(seconds=30)
    assert (await unlock(browser, code=town.code(member))).json()["code"] == "session-over"
    assert await state(browser) == "session-over"


async def test_nothing_to_unlock_is_not_unlocked(town: Town) -> None:
    browser = await town.browser()
    assert (await unlock(browser, code="123456")).json()["code"] == "session-over"


async def test_a_locked_session_can_be_signed_out(town: Town) -> None:
    browser = await town.signed_in(await town.member())
    town.advance(minutes=16)
    assert (await browser.delete(f"{API}/session")).status_code == 204


async def test_a_shift_ends_after_twelve_hours_however_busy(town: Town) -> None:
    browser = await town.signed_in(await town.member())
    for _ in range(52):
        assert await state(browser) == "open"
        town.advance(minutes=14)
    assert await state(browser) == "session-over"


async def test_who_is_suspended_or_leaves_is_out_at_once(town: Town) -> None:
    suspended, leaving = await town.member(), await town.member(access.Role.CITY_OPERATOR)
    browsers = await town.signed_in(suspended), await town.signed_in(leaving)
    security = await town.signed_in(await town.member(access.Role.SECURITY_ADMINISTRATOR))
    assert (await security.put(f"{API}/staff/{suspended.id}/suspension")).status_code == 204
    assert (await security.delete(f"{API}/staff/{leaving.id}")).status_code == 204
    assert [await state(one) for one in browsers] == ["session-over"] * 2
    again = await town.browser()
    assert (await town.sign_in(again, suspended)).status_code == 401
    assert (await town.sign_in(again, leaving)).status_code == 401
    assert (await security.delete(f"{API}/staff/{suspended.id}/suspension")).status_code == 204
    assert (await town.sign_in(again, suspended)).status_code == 201
    assert await state(browsers[0]) == "session-over"


async def test_an_account_stopped_past_this_software_is_out_too(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    await town.database.transact(
        lambda tx: tx.run("UPDATE access.accounts SET state = 'suspended' WHERE id = $1", member.id)
    )
    assert await state(browser) == "session-over"


async def test_leaving_erases_what_one_proved_oneself_by(town: Town) -> None:
    member = await town.member()
    await town.database.transact(lambda tx: access.leave(tx, SYSTEM, member.id))
    async with town.database.read() as read:
        kept = await read.value(
            int,
            """
            SELECT count(password_hash) + count(totp_sealed) + (SELECT count(*) FROM access.past_passwords p
                                                                 WHERE p.account_id = a.id)
              FROM access.accounts a WHERE a.id = $1 GROUP BY a.id
            """,
            member.id,
        )
    assert kept == 0
