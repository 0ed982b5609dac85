"""`healthcloud institution`: the institutions of the city."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.output import DryRun, Json, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.errors import InstitutionNotFound

app = typer.Typer(help="医疗卫生机构：登记、列出。", no_args_is_help=True)
_PAGE = 200


async def institution_of(city: City, named: str) -> institutions.Institution:
    """Return the institution of an id or of any number others know it by; raise InstitutionNotFound."""
    async with city.database.read() as read:
        try:
            return await institutions.institution(read, UUID(named))
        except ValueError:
            found = await institutions.institution_named(read, named)
    if found is None:
        raise InstitutionNotFound
    return found


@app.command()
def add(  # noqa: PLR0913 - one option for each thing that is known of an institution
    name: Annotated[str, typer.Argument(metavar="名称")],
    *,
    number: Annotated[list[str], typer.Option("--number", help="编号，写作 种类=编号，如 ws218=…、uscc=…；可多次。")],
    class_code: Annotated[str, typer.Option("--class", help="机构类别代码，如 A100。")],
    ownership: Annotated[str, typer.Option("--ownership", help="机构性质代码。")],
    district: Annotated[str, typer.Option("--district", help="区（市）代码，六位。")],
    level: Annotated[str | None, typer.Option("--level", help="医院级别代码。")] = None,
    street: Annotated[str | None, typer.Option("--street", help="街道代码，九位。")] = None,
    fever_clinic: Annotated[bool, typer.Option("--fever-clinic", help="设有发热门诊。")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """登记一个机构；重复登记同一机构不会产生第二个。"""
    particulars = institutions.Particulars(
        name=name,
        class_code=class_code,
        ownership_code=ownership,
        district_code=district,
        street_code=street,
        level_code=level,
        has_fever_clinic=fever_clinic,
    )
    wish = institutions.InstitutionWish(particulars, tuple(_number(one) for one in number))
    if dry_run:
        put_facts(asdict(particulars), {field: field for field in asdict(particulars)}, as_json=as_json)
        return
    opened = in_city(lambda city: city.database.transact(lambda tx: institutions.open_institution(tx, SYSTEM, wish)))
    facts = {"id": opened.institution_id, "created": opened.created}
    put_facts(facts, {"id": "编号", "created": "新登记"}, as_json=as_json)


@app.command("list")
def list_institutions(
    *,
    district: Annotated[str | None, typer.Option("--district", help="只列出该区（市）。")] = None,
    class_code: Annotated[str | None, typer.Option("--class", help="只列出该类别，可只写开头，如 A。")] = None,
    with_closed: Annotated[bool, typer.Option("--with-closed", help="包括已关闭的。")] = False,
    as_json: Json = False,
) -> None:
    """列出机构，按登记先后。"""
    wanted = institutions.InstitutionFilter(district_code=district, class_code=class_code, with_closed=with_closed)

    async def look(city: City) -> list[institutions.Institution]:
        found: list[institutions.Institution] = []
        async with city.database.read() as read:
            after = UUID(int=0)
            while page := await institutions.list_institutions(read, wanted, after=after, limit=_PAGE):
                found += page
                after = page[-1].id
        return found

    heads = {
        "id": "编号",
        "name": "名称",
        "class_code": "类别",
        "level_code": "级别",
        "district_code": "区（市）",
        "state": "状态",
    }
    rows = [asdict(one) for one in in_city(look)]
    put_rows(rows, heads, as_json=as_json)
    say(f"{len(rows)} 个机构。")


def _number(written: str) -> institutions.OutsideNumber:
    kind, separator, number = written.partition("=")
    if not separator or kind not in {one.value for one in institutions.NumberKind}:
        kinds = "、".join(one.value for one in institutions.NumberKind)
        raise typer.BadParameter(f"写作 种类=编号，种类为 {kinds}", param_hint="--number")
    return institutions.OutsideNumber(institutions.NumberKind(kind), number)
