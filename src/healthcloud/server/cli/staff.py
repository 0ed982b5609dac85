"""`healthcloud staff`: inviting, resetting the second factor, leaving. Passwords are never typed here."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import access
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.server.administrators import invitation_link
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, Yes, confirm, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.errors import StaffNotFound

app = typer.Typer(help="工作人员：邀请、重置第二因子、离岗、列出。", no_args_is_help=True)
Login = Annotated[str, typer.Argument(metavar="登录名")]
_PAGE = 200


@app.command()
def invite(
    login: Login,
    name: Annotated[str, typer.Argument(metavar="姓名")],
    *,
    institution: Annotated[str | None, typer.Option("--institution", help="所属机构的编号或对外编号。")] = None,
    role: Annotated[list[access.Role] | None, typer.Option("--role", help="角色，可多次。")] = None,
    as_json: Json = False,
) -> None:
    """邀请一位工作人员，输出一次性链接；由本人设置密码和第二因子。"""

    async def ask(city: City) -> tuple[access.Invitation, str]:
        owner = None if institution is None else (await institution_of(city, institution)).id

        async def make(tx: Transaction) -> access.Invitation:
            return await access.invite(
                tx, SYSTEM, city.policy, login=login, name=name, institution_id=owner, roles=role or ()
            )

        invitation = await city.database.transact(make)
        return invitation, invitation_link(city, invitation)

    _put(*in_city(ask), as_json=as_json)


@app.command("reset-second-factor")
def reset_second_factor(login: Login, *, yes: Yes = False, as_json: Json = False) -> None:
    """作废第二因子并输出一次性链接；本人凭密码重新设置，所有会话立即结束。"""
    confirm(f"{login} 的第二因子将立即失效。", yes=yes)

    async def reset(city: City) -> tuple[access.Invitation, str]:
        account = await _account(city, login)
        kind = access.staff.InvitationKind.SECOND_FACTOR
        invitation = await city.database.transact(
            lambda tx: access.staff.reset(tx, SYSTEM, city.policy, account.id, kind)
        )
        return invitation, invitation_link(city, invitation)

    _put(*in_city(reset), as_json=as_json)


@app.command()
def leave(login: Login, *, yes: Yes = False) -> None:
    """办理离岗：收回角色，结束会话，账号不能再用，登录名不会给别人。"""
    confirm(f"{login} 将永久离岗。", yes=yes)

    async def go(city: City) -> None:
        account = await _account(city, login)
        await city.database.transact(lambda tx: access.leave(tx, SYSTEM, account.id))

    in_city(go)
    say("已办理离岗。")


@app.command("list")
def list_staff(
    *,
    institution: Annotated[str | None, typer.Option("--institution", help="只列出该机构。")] = None,
    as_json: Json = False,
) -> None:
    """列出工作人员及其状态。"""

    async def look(city: City) -> list[access.staff.StaffLine]:
        owner = None if institution is None else (await institution_of(city, institution)).id
        return await _all_staff(city, owner)

    heads = {"id": "编号", "login": "登录名", "name": "姓名", "state": "状态", "signed_in_at": "最近登录"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)


async def _all_staff(city: City, institution_id: UUID | None) -> list[access.staff.StaffLine]:
    found: list[access.staff.StaffLine] = []
    after = UUID(int=0)
    async with city.database.read() as read:
        while page := await access.staff.staff_of(read, SYSTEM, institution_id, after=after, limit=_PAGE):
            found += page
            after = page[-1].id
    return found


async def _account(city: City, login: str) -> access.staff.StaffLine:
    found = next((one for one in await _all_staff(city, None) if one.login == login.strip().lower()), None)
    if found is None:
        raise StaffNotFound
    return found


def _put(invitation: access.Invitation, link: str, *, as_json: bool) -> None:
    facts = {"login": invitation.login, "link": link, "expires_at": invitation.expires_at}
    put_facts(facts, {"login": "登录名", "link": "一次性链接", "expires_at": "有效至"}, as_json=as_json)
