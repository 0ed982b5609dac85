"""`healthcloud exchange`: queues to hospitals, what could not be delivered, and where hospitals take what we send."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import exchange
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

InstitutionName = Annotated[str, typer.Argument(metavar="机构", help="机构的编号或任一对外编号。")]
Reason = Annotated[str | None, typer.Option("--reason", help="为什么，记入审计。")]


def queues(*, as_json: Json = False) -> None:
    """列出发往各机构的队列：等待、排在其后、未送达的数量，以及暂缓发送的机构。"""

    async def look(city: City) -> list[exchange.outward.QueueLine]:
        async with city.database.read() as read:
            return await exchange.outward.queues(read, SYSTEM)

    heads = {"institution_id": "机构", "waiting": "等待", "held": "排在其后", "dead": "未送达", "oldest_at": "最早"}
    heads |= {"open_until": "暂缓至", "error": "最近一次原因"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)


def dead(*, as_json: Json = False) -> None:
    """列出未送达的消息，最早放弃的在前。"""

    async def look(city: City) -> list[exchange.outward.DeadLetter]:
        async with city.database.read() as read:
            return await exchange.outward.dead_letters(read, SYSTEM, limit=200)

    heads = {"id": "编号", "institution_id": "机构", "kind": "种类", "attempts": "次数", "error": "原因"}
    put_rows([asdict(one) for one in in_city(look)], heads | {"ended_at": "放弃时间"}, as_json=as_json)


def replay(
    institution: InstitutionName,
    message: Annotated[list[UUID] | None, typer.Option("--message", help="消息编号，可多次；不填则全部。")] = None,
    *,
    reason: Reason = None,
) -> None:
    """让一个机构未送达的消息重新发送，用原编号。"""

    async def again(city: City) -> int:
        owner = await institution_of(city, institution)
        return await city.database.transact(lambda tx: exchange.outward.replay(tx, SYSTEM, owner.id, message, reason))

    say(f"已放回队列：{in_city(again)} 条")


def endpoint(
    institution: InstitutionName,
    url: Annotated[str, typer.Argument(metavar="地址", help="机构系统接收消息的地址。")],
    *,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="要接收的消息种类，可多次；不填则全部。")] = None,
    in_flight: Annotated[int, typer.Option("--in-flight", help="同时最多几个请求。")] = 4,
    timeout_ms: Annotated[int, typer.Option("--timeout-ms", help="一个请求最长多少毫秒。")] = 5000,
    as_json: Json = False,
) -> None:
    """登记或修改机构的接收地址；首次登记时给出密钥，只显示一次。"""
    kinds = tuple(kind) if kind else tuple(exchange.outward.declared_kinds())
    wish = exchange.outward.endpoints.EndpointWish(url, kinds, in_flight=in_flight, timeout_ms=timeout_ms)

    async def put(city: City) -> exchange.outward.endpoints.EndpointKey:
        owner = await institution_of(city, institution)
        terms = exchange.outward.endpoints.Terms.of(city.settings)
        return await city.database.transact(
            lambda tx: exchange.outward.endpoints.put_endpoint(tx, SYSTEM, owner.id, wish, terms)
        )

    words = {"institution_id": "机构", "key_id": "密钥编号", "secret": "密钥（base64）"}
    made = in_city(put)
    put_facts({name: getattr(made, name) for name in words}, words, as_json=as_json)


COMMANDS = (queues, dead, replay, endpoint)
