"""`healthcloud client`: institutions' machines and their keys. A secret goes to a file only its owner can read."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import access, exchange
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, Yes, confirm, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.secret_files import write_secret

app = typer.Typer(help="接入程序：登记、密钥签发与吊销、列出。", no_args_is_help=True)
keys = typer.Typer(help="接入程序的密钥：至多两个同时有效，以便更换。", no_args_is_help=True)
app.add_typer(keys, name="key")
ClientId = Annotated[UUID, typer.Argument(metavar="接入程序", help="接入程序的编号。")]
_PAGE = 200


@app.command()
def create(
    institution: Annotated[str, typer.Argument(metavar="机构", help="机构的编号或任一对外编号。")],
    name: Annotated[str, typer.Argument(metavar="名称", help="如 HIS 前置机。")],
    *,
    scope: Annotated[list[str], typer.Option("--scope", help="权限范围，如 cards.verify；可多次。")],
    quota: Annotated[int, typer.Option("--quota", min=1, help="每秒请求上限。")] = 200,
    address: Annotated[
        list[str] | None, typer.Option("--address", help="允许的地址或网段，可多次；不填则不限。")
    ] = None,
    as_json: Json = False,
) -> None:
    """登记机构的一个接入程序；随后用 client key add 签发密钥。"""

    async def make(city: City) -> UUID:
        owner = await institution_of(city, institution)
        made = await city.database.transact(
            lambda tx: access.create_client(
                tx, SYSTEM, owner.id, name, scope, quota_per_second=quota, addresses=address or ()
            )
        )
        return made.client_id

    put_facts({"client_id": in_city(make)}, {"client_id": "接入程序"}, as_json=as_json)


@app.command()
def addresses(
    client: ClientId,
    network: Annotated[list[str] | None, typer.Argument(metavar="[网段]...", help="不填则不限。")] = None,
) -> None:
    """更改接入程序允许的地址；签名正确而地址不在其中的请求会被拒绝。"""
    in_city(
        lambda city: city.database.transact(
            lambda tx: access.change_client_addresses(tx, SYSTEM, client, network or ())
        )
    )
    say("已更改。")


@app.command("redirect-hosts")
def redirect_hosts(
    client: ClientId,
    host: Annotated[
        list[str] | None, typer.Argument(metavar="[主机]...", help="如 his.example.cn；不填则清空。")
    ] = None,
) -> None:
    """登记接入程序可让居民浏览器返回的主机，替换原有的；未登记的主机一律拒绝。"""
    in_city(
        lambda city: city.database.transact(lambda tx: exchange.confirmations.put_hosts(tx, SYSTEM, client, host or ()))
    )
    say("已登记。")


@app.command("list")
def list_clients(*, as_json: Json = False) -> None:
    """列出接入程序。"""

    async def look(city: City) -> list[access.clients.ClientLine]:
        found: list[access.clients.ClientLine] = []
        after = UUID(int=0)
        async with city.database.read() as read:
            while page := await access.clients.clients_of(read, SYSTEM, after=after, limit=_PAGE):
                found += page
                after = page[-1].id
        return found

    heads = {"id": "编号", "name": "名称", "institution_id": "机构", "scopes": "权限", "revoked_at": "停用"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)


@keys.command("add")
def add_key(
    client: ClientId,
    output: Annotated[Path, typer.Option("--output", help="写入密钥的新文件，权限 0600。")],
    *,
    algorithm: Annotated[
        access.Algorithm, typer.Option("--algorithm", help="签名算法，或 APP-SECRET。")
    ] = access.Algorithm.SM3,
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="仅 SM2：机构公钥的文件（PEM 或十六进制）。")
    ] = None,
    expires: Annotated[datetime | None, typer.Option("--expires", help="到期时间（UTC），不填则不到期。")] = None,
    as_json: Json = False,
) -> None:
    """签发一个密钥，写入文件；密钥只此一次可见，不会显示在屏幕上。"""
    until = expires.replace(tzinfo=UTC) if expires else None
    public = public_key.read_text().strip() if public_key else ""

    async def make(city: City) -> access.NewKey:
        return await city.database.transact(
            lambda tx: access.add_client_key(
                tx, SYSTEM, client, algorithm=algorithm, expires_at=until, public_key=public
            )
        )

    with write_secret(output) as write:
        key = in_city(make)
        named = {"app_id": key.key_id.hex} if algorithm is access.Algorithm.APP_SECRET else {}
        write({"client_id": client, "key_id": key.key_id, **named, "algorithm": key.algorithm, "secret": key.secret})
    facts = {"key_id": key.key_id, "algorithm": key.algorithm, "file": str(output)}
    put_facts(facts, {"key_id": "密钥", "algorithm": "算法", "file": "文件"}, as_json=as_json)


@keys.command("revoke")
def revoke_key(
    client: ClientId, key: Annotated[UUID, typer.Argument(metavar="密钥", help="密钥的编号。")], *, yes: Yes = False
) -> None:
    """吊销一个密钥；使用它的下一个请求即被拒绝。"""
    confirm(f"密钥 {key} 将立即失效。", yes=yes)
    in_city(lambda city: city.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, client, key)))
    say("已吊销。")


@keys.command("list")
def list_keys(client: ClientId, *, as_json: Json = False) -> None:
    """列出一个接入程序有过的全部密钥，不显示密钥本身。"""

    async def look(city: City) -> list[access.clients.KeyLine]:
        async with city.database.read() as read:
            return await access.clients.keys_of(read, SYSTEM, client)

    heads = {"id": "编号", "algorithm": "算法", "created_at": "签发", "expires_at": "到期", "revoked_at": "吊销"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)
