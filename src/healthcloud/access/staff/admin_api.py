"""Accounts of staff over HTTP, for those who look after them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.access.request import Login, PolicyIn
from healthcloud.access.roles import (
    ROLES,
    AdministratorsSeparate,
    NoSuchAccount,
    NotGranted,
    NotToOneself,
    Role,
    RoleOfInstitution,
    grant_role,
    withdraw_role,
)
from healthcloud.access.staff import (
    Invitation,
    InvitationKind,
    LoginTaken,
    LoginUnfit,
    StaffLine,
    WrongState,
    invite,
    invite_again,
    leave,
    reinstate,
    reset,
    roles_of,
    staff_of,
    suspend,
    unlock,
)
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of

router = APIRouter(tags=["access"])
MANAGE, GRANT = needs("access.manage-staff"), needs("access.grant-roles")


class InvitationWish(Wish):
    """Whom to invite; `institution_id` is left out for staff of the city."""

    login: Login
    name: Annotated[str, Field(min_length=1, max_length=60)]
    institution_id: UUID | None = None


class ResetWish(Wish):
    """Which factor is void; the other one stays in force and is asked for."""

    kind: Literal[InvitationKind.PASSWORD, InvitationKind.SECOND_FACTOR]


class GrantWish(Wish):
    """Until when, or for good."""

    expires_at: Moment | None = None


class HeldRole(Wish):
    """A role somebody holds."""

    role: str
    granted_by: UUID
    granted_at: datetime
    expires_at: datetime | None


class RoleScopes(Wish):
    """What a role can do."""

    role: Role
    scopes: list[str]


class StaffQuery(Wish):
    """Which page of the list."""

    institution_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get("/roles", dependencies=[needs("staff")])
async def list_roles() -> list[RoleScopes]:
    """List what each role can do."""
    return [RoleScopes(role=role, scopes=sorted(scopes)) for role, scopes in ROLES.items()]


@router.get("/staff", dependencies=[MANAGE], responses=problems(CursorUnreadable))
async def list_staff(database: DatabaseIn, caller: CallerIn, query: Annotated[StaffQuery, Query()]) -> Page[StaffLine]:
    """List staff; who belongs to an institution sees its own."""
    after = decode_cursor(query.cursor, tuple[UUID])[0] if query.cursor else UUID(int=0)
    async with database.read() as read:
        found = await staff_of(read, caller, query.institution_id, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda line: (line.id,))


@router.post(
    "/staff",
    status_code=201,
    response_model=Invitation,
    dependencies=[MANAGE],
    responses=problems(LoginUnfit, LoginTaken, NoSuchAccount, *once_problems),
)
async def post_staff(wish: InvitationWish, caller: CallerIn, policy: PolicyIn, once: OnceIn) -> Response:
    """Invite somebody; the token in the answer is handed over and cannot be shown again later."""
    return await once(
        lambda tx: invite(tx, caller, policy, login=wish.login, name=wish.name, institution_id=wish.institution_id)
    )


@router.post(
    "/staff/{account_id}/invitations",
    status_code=201,
    response_model=Invitation,
    dependencies=[MANAGE],
    responses=problems(NoSuchAccount, NotToOneself, WrongState, *once_problems),
)
async def post_invitation(account_id: UUID, caller: CallerIn, policy: PolicyIn, once: OnceIn) -> Response:
    """Invite again somebody whose invitation was lost."""
    return await once(lambda tx: invite_again(tx, caller, policy, account_id))


@router.post(
    "/staff/{account_id}/resets",
    status_code=201,
    response_model=Invitation,
    dependencies=[GRANT],
    responses=problems(NoSuchAccount, NotToOneself, WrongState, *once_problems),
)
async def post_reset(account_id: UUID, wish: ResetWish, caller: CallerIn, policy: PolicyIn, once: OnceIn) -> Response:
    """Reset password or second factor: void at once, its sessions end."""
    return await once(lambda tx: reset(tx, caller, policy, account_id, wish.kind))


@router.put(
    "/staff/{account_id}/suspension",
    status_code=204,
    dependencies=[MANAGE],
    responses=problems(NoSuchAccount, NotToOneself, WrongState),
)
async def put_suspension(account_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Stop an account until it is reinstated."""
    await database.transact(lambda tx: suspend(tx, caller, account_id))


@router.delete(
    "/staff/{account_id}/suspension",
    status_code=204,
    dependencies=[MANAGE],
    responses=problems(NoSuchAccount, NotToOneself, WrongState),
)
async def delete_suspension(account_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Reinstate an account."""
    await database.transact(lambda tx: reinstate(tx, caller, account_id))


@router.delete(
    "/staff/{account_id}", status_code=204, dependencies=[MANAGE], responses=problems(NoSuchAccount, NotToOneself)
)
async def delete_staff(account_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Close the account of somebody who leaves: sessions, roles and invitations end with it."""
    await database.transact(lambda tx: leave(tx, caller, account_id))


@router.delete(
    "/staff/{account_id}/lock",
    status_code=204,
    dependencies=[MANAGE],
    responses=problems(NoSuchAccount, NotToOneself),
)
async def delete_lock(account_id: UUID, database: DatabaseIn, caller: CallerIn, policy: PolicyIn) -> None:
    """Take the lock off after failed sign-ins."""
    await database.transact(lambda tx: unlock(tx, caller, policy, account_id))


@router.get("/staff/{account_id}/roles", dependencies=[MANAGE], responses=problems(NoSuchAccount))
async def list_held_roles(account_id: UUID, database: DatabaseIn, caller: CallerIn) -> list[HeldRole]:
    """List the roles somebody holds."""
    async with database.read() as read:
        grants = await roles_of(read, caller, account_id)
    return [
        HeldRole(role=g.role, granted_by=g.granted_by, granted_at=g.granted_at, expires_at=g.expires_at) for g in grants
    ]


@router.put(
    "/staff/{account_id}/roles/{role}",
    status_code=204,
    dependencies=[GRANT],
    responses=problems(NoSuchAccount, NotToOneself, RoleOfInstitution, AdministratorsSeparate),
)
async def put_role(account_id: UUID, role: Role, wish: GrantWish, database: DatabaseIn, caller: CallerIn) -> None:
    """Give a role."""
    await database.transact(lambda tx: grant_role(tx, caller, account_id, role, expires_at=wish.expires_at))


@router.delete(
    "/staff/{account_id}/roles/{role}",
    status_code=204,
    dependencies=[GRANT],
    responses=problems(NoSuchAccount, NotToOneself, NotGranted),
)
async def delete_role(account_id: UUID, role: Role, database: DatabaseIn, caller: CallerIn) -> None:
    """Take a role away; it is gone at the next request."""
    await database.transact(lambda tx: withdraw_role(tx, caller, account_id, role))
