"""Rights are given by another, nobody holds two of the three administrators' roles, and altered rows give none."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg
import httpx
import pytest
from access.town import API, HOSPITAL, OTHER_HOSPITAL, Town

from healthcloud import access
from healthcloud.access import Role
from healthcloud.access.roles import AdministratorsSeparate, NotToOneself, RoleOfInstitution
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.errors import Forbidden

SYSTEM_ADMIN, SECURITY, AUDIT = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
)


async def scopes(browser: httpx.AsyncClient) -> set[str]:
    return set((await browser.get(f"{API}/session")).json()["scopes"])


async def put(browser: httpx.AsyncClient, account_id: UUID, role: str, **wish: str) -> httpx.Response:
    return await browser.put(f"{API}/staff/{account_id}/roles/{role}", json=wish)


async def test_no_two_of_the_three_share_a_scope() -> None:
    three = [access.ROLES[role] for role in sorted(access.ADMINISTRATORS)]
    assert len(frozenset().union(*three)) == sum(len(scopes) for scopes in three)
    opening = {"people.open", "cards.identity", "people.correct"}
    assert all(opening.isdisjoint(scopes) for scopes in three)


@pytest.mark.parametrize("role", sorted(set(Role) - {SECURITY}))
async def test_only_a_security_administrator_grants(town: Town, role: Role) -> None:
    institution = HOSPITAL if role in {Role.CLERK, Role.DOCTOR, Role.INSTITUTION_ADMINISTRATOR} else None
    browser = await town.signed_in(await town.member(role, institution_id=institution))
    target = await town.member()
    answer = await put(browser, target.id, Role.CITY_OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_role_is_there_at_the_next_request_and_gone_at_the_next(town: Town) -> None:
    security = await town.signed_in(await town.member(SECURITY))
    member = await town.member()
    browser = await town.signed_in(member)
    assert (await put(security, member.id, Role.CITY_OPERATOR)).status_code == 204
    assert await scopes(browser) == access.ROLES[Role.CITY_OPERATOR] | {"staff"}
    path = f"{API}/staff/{member.id}/roles/{Role.CITY_OPERATOR}"
    assert (await security.delete(path)).status_code == 204
    assert await scopes(browser) == {"staff"}
    assert (await security.delete(path)).json()["code"] == "role-not-granted"
    told = await town.deeds(member.id)
    assert ("access.role-granted", "done") in told
    assert ("access.role-withdrawn", "done") in told


async def test_a_role_ends_with_its_term(town: Town) -> None:
    security = await town.signed_in(await town.member(SECURITY))
    member = await town.member()
    browser = await town.signed_in(member)
    until = (town.now + timedelta(minutes=5)).isoformat()
    assert (await put(security, member.id, Role.CITY_OPERATOR, expires_at=until)).status_code == 204
    assert "cards.manage" in await scopes(browser)
    town.advance(minutes=5)
    assert await scopes(browser) == {"staff"}


async def test_nobody_grants_to_oneself(town: Town) -> None:
    member = await town.member(SECURITY)
    browser = await town.signed_in(member)
    for role in (Role.CITY_OPERATOR, AUDIT, SECURITY):
        answer = await put(browser, member.id, role)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-to-oneself")
    assert ("access.role-granted", "refused") in await town.deeds(member.id)


@pytest.mark.parametrize(("held", "wanted"), [(SYSTEM_ADMIN, SECURITY), (SECURITY, AUDIT), (AUDIT, SYSTEM_ADMIN)])
async def test_nobody_holds_two_of_the_three(town: Town, held: Role, wanted: Role) -> None:
    security = await town.signed_in(await town.member(SECURITY))
    member = await town.member(held)
    answer = await put(security, member.id, wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "administrators-separate")
    assert ("access.role-granted", "refused") in await town.deeds(member.id)
    with pytest.raises(AdministratorsSeparate):
        await town.database.transact(lambda tx: access.grant_role(tx, SYSTEM, member.id, wanted))


async def test_nor_when_two_grant_at_once(town: Town) -> None:
    member = await town.member()
    answers = await asyncio.gather(
        *(
            town.database.transact(partial(access.grant_role, caller=SYSTEM, account_id=member.id, role=role))
            for role in (SYSTEM_ADMIN, SECURITY, AUDIT)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(answer, AdministratorsSeparate) for answer in answers) == [False, True, True]


async def test_nor_by_sql_past_this_software(town: Town, owner_url: str) -> None:
    member = await town.member(SYSTEM_ADMIN)
    connection = await asyncpg.connect(owner_url)
    insert = """
        INSERT INTO access.grants (account_id, role, institution_id, granted_by, granted_at, mac)
        SELECT account_id, $2, institution_id, granted_by, granted_at, mac FROM access.grants WHERE account_id = $1
    """
    with pytest.raises(asyncpg.UniqueViolationError, match="grants_one_administrator"):
        await connection.execute(insert, member.id, SECURITY)
    with pytest.raises(asyncpg.CheckViolationError, match="grants_never_to_oneself"):
        await connection.execute("UPDATE access.grants SET granted_by = account_id WHERE account_id = $1", member.id)
    await connection.close()


async def test_a_role_laid_down_is_no_hindrance(town: Town) -> None:
    member = await town.member(SYSTEM_ADMIN)
    await town.database.transact(lambda tx: access.withdraw_role(tx, SYSTEM, member.id, SYSTEM_ADMIN))
    await town.database.transact(
        lambda tx: access.grant_role(tx, SYSTEM, member.id, AUDIT, expires_at=town.now + timedelta(minutes=1))
    )
    town.advance(minutes=1)
    await town.database.transact(lambda tx: access.grant_role(tx, SYSTEM, member.id, SECURITY))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access.grants SET role = 'security-administrator' WHERE account_id = $1",
        "UPDATE access.grants SET granted_at = granted_at - interval '1 microsecond' WHERE account_id = $1",
        "UPDATE access.grants SET granted_by = '00000000-0000-0000-0000-000000000001' WHERE account_id = $1",
        "UPDATE access.grants SET expires_at = granted_at + interval '9 years' WHERE account_id = $1",
        "UPDATE access.accounts SET institution_id = '00000000-0000-0000-0000-0000000000a2' WHERE id = $1",
    ],
)
async def test_altered_rights_give_nothing_and_are_told(town: Town, owner_url: str, change: str) -> None:
    member = await town.member(Role.CITY_OPERATOR)
    browser = await town.signed_in(member)
    assert "cards.manage" in await scopes(browser)
    connection = await asyncpg.connect(owner_url)
    assert await connection.execute(change, member.id) == "UPDATE 1"
    await connection.close()
    for _ in range(3):
        assert await scopes(browser) == {"staff"}
    assert (await town.deeds(member.id)).count(("access.rights-altered", "refused")) == 1


async def test_a_grant_of_somebody_else_is_not_ones_own(town: Town, owner_url: str) -> None:
    """Given a row copied from a security administrator's, when its thief asks, then it gives nothing."""
    rich, poor = await town.member(SECURITY), await town.member()
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        INSERT INTO access.grants (account_id, role, institution_id, granted_by, granted_at, expires_at, mac)
        SELECT $2, role, institution_id, granted_by, granted_at, expires_at, mac FROM access.grants
         WHERE account_id = $1
        """,
        rich.id,
        poor.id,
    )
    await connection.close()
    assert await scopes(await town.signed_in(poor)) == {"staff"}


async def test_roles_of_institutions_stay_in_institutions(town: Town) -> None:
    of_city, of_hospital = await town.member(), await town.member(institution_id=HOSPITAL)
    with pytest.raises(RoleOfInstitution):
        await town.database.transact(lambda tx: access.grant_role(tx, SYSTEM, of_city.id, Role.CLERK))
    with pytest.raises(RoleOfInstitution):
        await town.database.transact(lambda tx: access.grant_role(tx, SYSTEM, of_hospital.id, SECURITY))


async def test_an_institutions_administrator_reaches_its_own_staff_only(town: Town) -> None:
    chief = await town.member(Role.INSTITUTION_ADMINISTRATOR, institution_id=HOSPITAL)
    own = await town.member(Role.CLERK, institution_id=HOSPITAL)
    others = [await town.member(institution_id=OTHER_HOSPITAL), await town.member(SECURITY)]
    browser = await town.signed_in(chief)
    listed = (await browser.get(f"{API}/staff", params={"institution_id": str(OTHER_HOSPITAL)})).json()["items"]
    assert {one["id"] for one in listed} >= {str(chief.id), str(own.id)}
    assert {one["institution_id"] for one in listed} == {str(HOSPITAL)}
    for other in others:
        answer = await browser.put(f"{API}/staff/{other.id}/suspension")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-account")
        assert (await browser.get(f"{API}/staff/{other.id}/roles")).status_code == 404
    assert (await browser.put(f"{API}/staff/{own.id}/suspension")).status_code == 204
    wish = {"login": "stranger", "name": "李", "institution_id": str(OTHER_HOSPITAL)}
    headers = {"Idempotency-Key": "a-key-of-this-test"}
    assert (await browser.post(f"{API}/staff", json=wish, headers=headers)).status_code == 404


async def test_a_caller_without_the_scope_is_refused_past_http_too(town: Town) -> None:
    member = await town.member()
    clerk = Caller(CallerKind.STAFF, UUID(int=9), access.ROLES[Role.CLERK])
    with pytest.raises(Forbidden):
        await town.database.transact(lambda tx: access.grant_role(tx, clerk, member.id, Role.CITY_OPERATOR))
    himself = Caller(CallerKind.STAFF, member.id, access.ROLES[SECURITY])
    with pytest.raises(NotToOneself):
        await town.database.transact(lambda tx: access.grant_role(tx, himself, member.id, Role.CITY_OPERATOR))
