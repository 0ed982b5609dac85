"""A code of the second factor shown again before a grave act; and looking after staff one by one."""

import pytest
from access.town import HOSPITAL, OTHER_HOSPITAL, Member, Town

from healthcloud import access
from healthcloud.access import Role
from healthcloud.access.roles import NoSuchAccount, NotToOneself
from healthcloud.access.staff import CodeWrong, SignInLocked, check_code, spend_code
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Transaction


def caller_of(member: Member, *scopes: str) -> Caller:
    return Caller(CallerKind.STAFF, member.id, frozenset(scopes))


async def act(town: Town, member: Member, code: str) -> list[str]:
    """Do something that asks for a code; return what was done."""
    caller, done = caller_of(member), []
    shown = await check_code(town.database, town.policy, caller, code)

    async def grave(tx: Transaction) -> None:
        await spend_code(tx, caller, shown)
        done.append("act")

    await town.database.transact(grave)
    return done


async def test_a_code_allows_one_act(town: Town) -> None:
    member = await town.member(Role.SECURITY_ADMINISTRATOR)
    town.advance(seconds=30)
    code = town.code(member)
    assert await act(town, member, code) == ["act"]
    with pytest.raises(CodeWrong):
        await act(town, member, code)
    town.advance(seconds=30)
    assert await act(town, member, town.code(member)) == ["act"]
    deeds = await town.deeds(member.id)
    assert deeds[-3:] == [
        ("access.proved-again", "done"),
        ("access.proved-again", "refused"),
        ("access.proved-again", "done"),
    ]


async def test_a_code_is_not_spent_when_the_act_fails(town: Town) -> None:
    member = await town.member(Role.SECURITY_ADMINISTRATOR)
    town.advance(seconds=30)
    caller, code = caller_of(member), town.code(member)
    shown = await check_code(town.database, town.policy, caller, code)

    async def fails(tx: Transaction) -> None:
        await spend_code(tx, caller, shown)
        raise NoSuchAccount

    with pytest.raises(NoSuchAccount):
        await town.database.transact(fails)
    assert await act(town, member, code) == ["act"]


async def test_guessing_is_locked_although_each_act_is_rolled_back(town: Town) -> None:
    member = await town.member(Role.SECURITY_ADMINISTRATOR)
    for _ in range(town.policy.account_failures.tries):
        with pytest.raises(CodeWrong):
            await act(town, member, "000000")
    town.advance(seconds=30)
    with pytest.raises(SignInLocked):
        await act(town, member, town.code(member))


async def test_staff_are_found_filtered_and_signed_out_within_reach(town: Town) -> None:
    clerk = await town.member(Role.CLERK, login="found.clerk", institution_id=HOSPITAL)
    await town.signed_in(clerk)
    security = await town.member(Role.SECURITY_ADMINISTRATOR)
    own = Caller(CallerKind.STAFF, security.id, frozenset({"access.manage-staff"}), institution_id=HOSPITAL)
    other = Caller(CallerKind.STAFF, security.id, frozenset({"access.manage-staff"}), institution_id=OTHER_HOSPITAL)
    async with town.database.read() as read:
        assert [one.id for one in await access.staff.staff_of(read, SYSTEM, text="found.cl")] == [clerk.id]
        assert await access.staff.staff_of(read, SYSTEM, text="found.cl", state="left") == []
        assert (await access.staff.staff_member(read, own, clerk.id)).login == "found.clerk"
        assert len(await access.staff.sessions_of(read, own, clerk.id)) == 1
        assert await access.staff.logins_of(read, [clerk.id]) == {clerk.id: "found.clerk"}
        for look in (access.staff.staff_member, access.staff.sessions_of, access.staff.roles_of):
            with pytest.raises(NoSuchAccount):
                await look(read, other, clerk.id)
    with pytest.raises(NoSuchAccount):
        await town.database.transact(lambda tx: access.staff.sign_out_everywhere(tx, other, clerk.id))
    assert await town.database.transact(lambda tx: access.staff.sign_out_everywhere(tx, own, clerk.id)) == 1
    with pytest.raises(NotToOneself):
        await town.database.transact(lambda tx: access.staff.sign_out_everywhere(tx, own, security.id))
