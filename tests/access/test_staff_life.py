"""From the first administrators of a new city to somebody's leaving."""

import asyncio

import pytest
from access.town import API, HOSPITAL, PASSWORD, Town, a_town

from healthcloud import access
from healthcloud.access import Role
from healthcloud.access.staff import (
    EnrolmentNotBegun,
    Invitation,
    InvitationKind,
    InvitationOver,
    LoginTaken,
    LoginUnfit,
    PasswordUnfit,
    SignInLocked,
    SignInRefused,
    WrongState,
    begin_enrolment,
    finish_enrolment,
    invite_again,
    reset,
)
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id

LOGINS = {
    Role.SYSTEM_ADMINISTRATOR: "xitong",
    Role.SECURITY_ADMINISTRATOR: "anquan",
    Role.AUDIT_ADMINISTRATOR: "shenji",
}


async def first(town: Town) -> list[Invitation]:
    return await town.database.transact(lambda tx: access.create_first_administrators(tx, town.policy, LOGINS))


async def an_invitation(town: Town, login: str | None = None) -> Invitation:
    name = login or f"m{new_id().hex[-12:]}"
    return await town.database.transact(
        lambda tx: access.invite(tx, SYSTEM, town.policy, login=name, name="王", institution_id=None)
    )


async def test_a_new_city_gets_its_three_administrators_once(fresh_database: Database) -> None:
    async with a_town(fresh_database) as town:
        made = [one for some in await asyncio.gather(*(first(town) for _ in range(4))) for one in some]
        assert sorted(one.login for one in made) == ["anquan", "shenji", "xitong"]
        assert await first(town) == []
        for one in made:
            browser = await town.browser()
            town.advance(seconds=30)
            wish = {"login": one.login, "password": PASSWORD, "code": "000000"}
            assert (await browser.post(f"{API}/staff-sessions", json=wish)).status_code == 401
            secret = await town.enrol(one.token)
            town.advance(seconds=30)
            assert (await browser.post(f"{API}/staff-sessions", json=wish | {"code": town.code(secret)})).is_success
            [role] = [role for role, login in LOGINS.items() if login == one.login]
            held = set((await browser.get(f"{API}/session")).json()["scopes"])
            assert held == access.ROLES[role] | {"staff"}


async def test_an_invitation_is_good_once(town: Town) -> None:
    invitation = await an_invitation(town)
    await town.enrol(invitation.token)
    with pytest.raises(InvitationOver):
        await begin_enrolment(town.database, town.policy, invitation.token, PASSWORD)


async def test_an_invitation_ends_after_a_week(town: Town) -> None:
    invitation = await an_invitation(town)
    enrolment = await begin_enrolment(town.database, town.policy, invitation.token, PASSWORD)
    town.advance(days=7)
    with pytest.raises(InvitationOver):
        await finish_enrolment(town.database, town.policy, invitation.token, town.code(enrolment.secret))
    again = await town.database.transact(lambda tx: invite_again(tx, SYSTEM, town.policy, invitation.account_id))
    await town.enrol(again.token)


async def test_a_new_invitation_voids_the_old_one(town: Town) -> None:
    lost = await an_invitation(town)
    await town.database.transact(lambda tx: invite_again(tx, SYSTEM, town.policy, lost.account_id))
    with pytest.raises(InvitationOver):
        await begin_enrolment(town.database, town.policy, lost.token, PASSWORD)


async def test_nothing_is_in_force_before_a_code_was_shown(town: Town) -> None:
    invitation = await an_invitation(town)
    with pytest.raises(EnrolmentNotBegun):
        await finish_enrolment(town.database, town.policy, invitation.token, "000000")
    with pytest.raises(PasswordUnfit):
        await begin_enrolment(town.database, town.policy, invitation.token, "admin123")
    enrolment = await begin_enrolment(town.database, town.policy, invitation.token, PASSWORD)
    assert enrolment.otpauth_uri.startswith("otpauth://totp/")
    with pytest.raises(SignInRefused):
        await finish_enrolment(town.database, town.policy, invitation.token, "000000")
    browser = await town.browser("198.51.100.1")
    wish = {"login": invitation.login, "password": PASSWORD, "code": town.code(enrolment.secret)}
    assert (await browser.post(f"{API}/staff-sessions", json=wish)).status_code == 401
    await finish_enrolment(town.database, town.policy, invitation.token, town.code(enrolment.secret))


async def test_codes_of_an_enrolment_cannot_be_tried_out(town: Town) -> None:
    invitation = await an_invitation(town)
    await begin_enrolment(town.database, town.policy, invitation.token, PASSWORD)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await finish_enrolment(town.database, town.policy, invitation.token, "000000")
    with pytest.raises(SignInLocked):
        await finish_enrolment(town.database, town.policy, invitation.token, "000000")


@pytest.mark.parametrize("token", ["", "A" * 64, "not base64 at all"])
async def test_an_invented_invitation_invites_nobody(town: Town, token: str) -> None:
    with pytest.raises(InvitationOver):
        await begin_enrolment(town.database, town.policy, token, PASSWORD)


async def test_a_login_name_is_never_given_to_a_second_person(town: Town) -> None:
    invitation = await an_invitation(town, "li.ming")
    await town.database.transact(lambda tx: access.leave(tx, SYSTEM, invitation.account_id))
    with pytest.raises(LoginTaken):
        await an_invitation(town, " Li.Ming ")
    with pytest.raises(LoginUnfit):
        await an_invitation(town, "li ming")


async def test_a_reset_second_factor_is_void_at_once_and_asks_for_the_password(town: Town) -> None:
    member = await town.member()
    browser = await town.signed_in(member)
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    headers = {"Idempotency-Key": f"reset-{member.id}"}
    path = f"{API}/staff/{member.id}/resets"
    answer = await security.post(path, json={"kind": "second-factor"}, headers=headers)
    assert answer.status_code == 201
    token = answer.json()["token"]
    assert (await browser.get(f"{API}/session")).json()["code"] == "session-over"
    assert (await town.sign_in(browser, member)).status_code == 401
    # The administrator holds the token, but not the password.
    with pytest.raises(SignInRefused):
        await begin_enrolment(town.database, town.policy, token, "Was-er-nicht-weiss-1")
    member.secret = await town.enrol(token, member.password)
    assert (await town.sign_in(browser, member)).status_code == 201
    assert ("access.reset", "done") in await town.deeds(member.id)


async def test_a_reset_password_asks_for_the_second_factor(town: Town) -> None:
    member = await town.member()
    invitation = await town.database.transact(
        lambda tx: reset(tx, SYSTEM, town.policy, member.id, InvitationKind.PASSWORD)
    )
    browser = await town.browser("198.51.100.2")
    assert (await town.sign_in(browser, member)).status_code == 401
    town.advance(seconds=30)
    with pytest.raises(SignInRefused):
        await finish_enrolment(town.database, town.policy, invitation.token, "000000", "Neues-Wort-2026")
    code = town.code(member)
    await finish_enrolment(town.database, town.policy, invitation.token, code, "Neues-Wort-2026")
    member.password = "Neues-Wort-2026"
    assert (await town.sign_in(browser, member)).status_code == 201


async def test_nobody_resets_his_own_second_factor(town: Town) -> None:
    member = await town.member(Role.SECURITY_ADMINISTRATOR)
    security = await town.signed_in(member)
    for method, path, wish in (
        ("POST", "resets", {"kind": "second-factor"}),
        ("PUT", "suspension", None),
        ("DELETE", "lock", None),
    ):
        headers = {"Idempotency-Key": f"{path}-{member.id}"}
        answer = await security.request(method, f"{API}/staff/{member.id}/{path}", json=wish, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-to-oneself")
    assert ("access.reset", "refused") in await town.deeds(member.id)


async def test_only_a_security_administrator_resets(town: Town) -> None:
    chief = await town.member(Role.INSTITUTION_ADMINISTRATOR, institution_id=HOSPITAL)
    own = await town.member(institution_id=HOSPITAL)
    browser = await town.signed_in(chief)
    headers = {"Idempotency-Key": f"reset-{own.id}"}
    answer = await browser.post(f"{API}/staff/{own.id}/resets", json={"kind": "password"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_what_an_account_is_not_it_cannot_be_made(town: Town) -> None:
    invitation, member = await an_invitation(town), await town.member()
    with pytest.raises(WrongState):
        await town.database.transact(lambda tx: invite_again(tx, SYSTEM, town.policy, member.id))
    with pytest.raises(WrongState):
        await town.database.transact(
            lambda tx: reset(tx, SYSTEM, town.policy, invitation.account_id, InvitationKind.PASSWORD)
        )
    with pytest.raises(WrongState):
        await town.database.transact(lambda tx: reset(tx, SYSTEM, town.policy, member.id, InvitationKind.BOTH))


async def test_an_administrator_takes_a_lock_off(town: Town) -> None:
    member, browser = await town.member(), await town.browser("198.51.100.3")
    for _ in range(5):
        await town.sign_in(browser, member, code="000000")
    assert (await town.sign_in(browser, member)).status_code == 429
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    assert (await security.delete(f"{API}/staff/{member.id}/lock")).status_code == 204
    assert (await town.sign_in(browser, member)).status_code == 201


async def test_inviting_over_http_is_done_once_per_key(town: Town) -> None:
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    wish = {"login": f"m{new_id().hex[-12:]}", "name": "王"}
    headers = {"Idempotency-Key": "one-key-for-one-person"}
    first_answer = await security.post(f"{API}/staff", json=wish, headers=headers)
    again = await security.post(f"{API}/staff", json=wish, headers=headers)
    assert (first_answer.status_code, again.json()) == (201, first_answer.json())
    await town.enrol(first_answer.json()["token"])


async def test_the_list_of_staff_pages_by_key(town: Town) -> None:
    for _ in range(3):
        await an_invitation(town)
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await security.get(f"{API}/staff", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        ).json()
        ids += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert ids == sorted(set(ids))
    assert len(ids) >= 4
    assert (await security.get(f"{API}/staff", params={"cursor": "!"})).status_code == 422


async def test_what_a_role_can_do_is_told(town: Town) -> None:
    browser = await town.signed_in(await town.member())
    told = {one["role"]: set(one["scopes"]) for one in (await browser.get(f"{API}/roles")).json()}
    assert told == {str(role): set(scopes) for role, scopes in access.ROLES.items()}


async def test_a_stranger_without_rights_may_nothing(town: Town) -> None:
    stranger = Caller(CallerKind.STAFF, new_id())
    member = await town.member()
    actions = [
        lambda tx: access.leave(tx, stranger, member.id),
        lambda tx: access.invite_again(tx, stranger, town.policy, member.id),
        lambda tx: access.invite(tx, stranger, town.policy, login="stranger", name="?", institution_id=None),
    ]
    for action in actions:
        with pytest.raises(Exception, match="forbidden"):
            await town.database.transact(action)
