"""`healthcloud cards`: how the lists stand that readers with no network take along."""

from dataclasses import asdict

import typer

from healthcloud import cards
from healthcloud.server.cli.exits import Exit
from healthcloud.server.cli.output import Json, put_facts, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="健康卡：离线名单。", no_args_is_help=True)
_WORDS = {
    "number": "最新编号",
    "issued_at": "签发时间",
    "age_seconds": "距今（秒）",
    "entries": "最近全量名单条目",
    "waiting": "待发布",
    "snapshot": "全量名单编号",
    "trust": "信任名单编号",
}


@app.callback()
def cards_group() -> None:
    """Keep the noun a group although it has one command."""


@app.command()
def revocations(*, as_json: Json = False) -> None:
    """显示吊销名单：最新编号、签发多久、条目数、待发布数；超过五分钟未签发时退出码为 1。"""

    async def look(city: City) -> tuple[dict[str, object], bool]:
        async with city.database.read() as read:
            stand = await cards.offline.standing(read)
            age = None if stand.issued_at is None else round((read.clock.now() - stand.issued_at).total_seconds())
            return asdict(stand) | {"age_seconds": age}, await cards.offline.is_fresh(read)

    facts, is_fresh = in_city(look)
    put_facts(facts, _WORDS, as_json=as_json)
    if not is_fresh:
        say("名单没有按时签发：运行 healthcloud serve，再看 healthcloud jobs dead。")
        raise typer.Exit(Exit.FAILED)
