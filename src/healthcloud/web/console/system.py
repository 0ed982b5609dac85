"""The system: which program runs, whether it is healthy, its last backup, its keys and their periods."""

from typing import TYPE_CHECKING, cast

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud.core.background import background_state
from healthcloud.core.health import Check, run_checks
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import SYSTEM
from healthcloud.web.console.parts import Cell, Pairs, Row, Section, Table, at
from healthcloud.web.console.province import section_of
from healthcloud.web.wording import ENGLISH

if TYPE_CHECKING:
    from healthcloud.core.crypto.filestore import KeyLine

router = APIRouter()
OLD_BACKUP_DAYS = 2
OLD_KEY_DAYS = 365


@view(router, SYSTEM)
async def show_system(desk: Desk) -> Response:
    """Show the installation."""
    build = desk.operations.build()
    pairs: Pairs = (
        (desk.say("build.program"), build.program),
        (desk.say("build.api"), build.api),
        (desk.say("build.migration"), build.migration),
        (desk.say("build.python"), build.python),
        (desk.say("build.public-url"), desk.settings.public_url),
        (desk.say("build.production"), desk.words("console.yes" if desk.settings.production else "console.no")),
    )
    sections = (await _health(desk), await section_of(desk), _backup(desk), _keys(desk))
    return desk.detailed(desk.say("title"), *sections, pairs=pairs)


async def _health(desk: Desk) -> Section:
    checks = cast("tuple[Check, ...]", desk.request.app.state.checks)
    faults, warnings = await run_checks(checks, desk.database)
    wrong = {fault.pointer: fault for fault in (*faults, *warnings)}
    rows: list[Row] = []
    for check in checks:
        fault = wrong.get(check.name)
        tone = "ok" if fault is None else "danger" if check.vital else "warn"
        told = "" if fault is None else fault.en if desk.words.language == ENGLISH else fault.zh
        word = desk.say("check.fine" if fault is None else "check.vital" if check.vital else "check.warning")
        rows.append(
            (desk.words.texts.get(f"console-system.check.{check.name}", check.name), Cell(word, tone=tone), told)
        )
    async with desk.database.read() as read:
        state = await background_state(read)
    dead = sum(one.waiting for one in state.dead)
    rows.append(
        (
            desk.say("check.dead-jobs"),
            Cell(desk.say("check.warning" if dead else "check.fine"), tone="warn" if dead else "ok"),
            Cell(desk.say("check.dead", count=dead), href="/console/jobs") if dead else "",
        )
    )
    heads = [desk.say(f"check.{name}") for name in ("name", "state", "told")]
    return Section(desk.say("check.title"), tables=[Table(desk.say("check.title"), heads, rows, "")])


def _backup(desk: Desk) -> Section:
    made_at = desk.operations.last_backup()
    if made_at is None:
        return Section(desk.say("backup.title"), about=desk.say("backup.none"))
    days = (desk.database.clock.now() - made_at).days
    age = Cell(desk.say("backup.days", n=days), tone="warn" if days >= OLD_BACKUP_DAYS else "ok")
    return Section(desk.say("backup.title"), [(desk.say("backup.last"), at(made_at)), (desk.say("backup.age"), age)])


def _keys(desk: Desk) -> Section:
    rows = [_key(desk, line) for line in desk.operations.key_lines()]
    heads = [desk.say(f"key.{name}") for name in ("purpose", "use", "number", "algorithm", "state", "created", "age")]
    about = desk.say("key.about", version=desk.operations.keys_version())
    return Section(desk.say("key.title"), tables=[Table(desk.say("key.title"), heads, rows, "")], about=about)


def _key(desk: Desk, line: "KeyLine") -> Row:
    days = (desk.database.clock.now() - line.created).days
    current = line.state.value == "current"
    tone = ("warn" if days >= OLD_KEY_DAYS else "ok") if current else "quiet"
    return (
        Cell(line.purpose, code=True),
        desk.say(f"use.{line.use.value}"),
        line.number,
        line.algorithm.value,
        Cell(desk.say(f"key-state.{line.state.value}"), tone=tone),
        at(line.created),
        desk.say("backup.days", n=days),
    )
