"""Who asks, with what features above know of them."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from access.town import HOSPITAL, OTHER_HOSPITAL, Town

from healthcloud import access
from healthcloud.access.clients.errors import SignatureMissing
from healthcloud.access.sessions import SessionOver
from healthcloud.core.caller import GUEST, SYSTEM, Caller, Credentials
from healthcloud.core.db import Read
from healthcloud.core.ids import new_id

PERSON, DESK = UUID(int=0xB1), UUID(int=0xB2)


@dataclass(frozen=True)
class Seat:
    terminal_id: UUID
    institution_id: UUID


async def person_of(read: Read, account_id: UUID) -> UUID | None:
    assert read.clock is not None
    assert account_id
    return PERSON


async def terminal_of(read: Read, token: str) -> Seat | None:
    assert read
    return Seat(DESK, HOSPITAL) if token == "desk" else None


def asking(cookies: dict[str, str], **headers: str) -> Credentials:
    return Credentials("GET", "/", headers, cookies, b"", "192.0.2.1")


@pytest.fixture
def authenticator(town: Town) -> access.AccessAuthenticator:
    return access.AccessAuthenticator(
        town.database, town.policy, person_of_account=person_of, terminal_of_token=terminal_of
    )


async def caller(authenticator: access.AccessAuthenticator, session: str, desk: str = "desk") -> Caller:
    return await authenticator.authenticate(asking({"hc_session": session, "hc_terminal": desk}))


async def test_nobody_is_a_guest(authenticator: access.AccessAuthenticator) -> None:
    assert await authenticator.authenticate(asking({})) == GUEST
    assert await authenticator.authenticate(asking({"hc_terminal": "desk"})) == GUEST


async def test_a_resident_comes_with_his_person(town: Town, authenticator: access.AccessAuthenticator) -> None:
    browser = await town.resident("13700000001")
    found = await caller(authenticator, browser.cookies["hc_session"])
    assert (found.person_id, found.terminal_id) == (PERSON, None)


async def test_staff_come_with_the_desk_of_their_own_institution(
    town: Town, authenticator: access.AccessAuthenticator
) -> None:
    desks = {}
    for institution_id in (HOSPITAL, OTHER_HOSPITAL, None):
        browser = await town.signed_in(await town.member(institution_id=institution_id))
        desks[institution_id] = (await caller(authenticator, browser.cookies["hc_session"])).terminal_id
    assert desks == {HOSPITAL: DESK, OTHER_HOSPITAL: None, None: None}
    browser = await town.signed_in(await town.member(institution_id=HOSPITAL))
    assert (await caller(authenticator, browser.cookies["hc_session"], "another")).terminal_id is None


async def test_a_signature_is_asked_for_where_one_was_begun(
    town: Town, authenticator: access.AccessAuthenticator
) -> None:
    """Given a good session cookie and an empty Authorization header, when they come together, then neither counts."""
    browser = await town.signed_in(await town.member())
    cookies = {"hc_session": browser.cookies["hc_session"]}
    with pytest.raises(SignatureMissing):
        await authenticator.authenticate(asking(cookies, authorization=""))


async def test_wrong_credentials_are_not_a_guests(authenticator: access.AccessAuthenticator) -> None:
    with pytest.raises(SessionOver):
        await authenticator.authenticate(asking({"hc_session": "x"}))


async def test_the_command_line_may_look(town: Town) -> None:
    member = await town.member()
    made = await town.database.transact(lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", ()))
    async with town.database.read() as read:
        assert member.id in {line.id for line in await access.staff.staff_of(read, SYSTEM, limit=200)}
        assert await access.staff.roles_of(read, SYSTEM, member.id) == []
        assert made.client_id in {line.id for line in await access.clients.clients_of(read, SYSTEM, limit=200)}
        assert await access.clients.keys_of(read, SYSTEM, new_id()) == []
