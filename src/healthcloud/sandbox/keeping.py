"""The journal as one process writes it: what a call was, and only so many calls."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog

from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id
from healthcloud.sandbox import actions
from healthcloud.sandbox.model import Call, Heard, Signed, Switches

log = structlog.get_logger("healthcloud.sandbox")

LONGEST_KEPT = 1 << 16
PRUNED_EVERY = 100  # calls of one process


class Told(NamedTuple):
    """An answer, held back until it is to leave; status 0 is none at all."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Way(NamedTuple):
    """Which way a call went, from or to which institution, and what was switched on for it."""

    face: str
    institution_id: UUID | None
    on: Switches


class Keeper:
    """Puts calls into the journal, and takes the oldest out of it now and then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = 0

    async def note(self, way: Way, heard: Heard, signed: Signed | None, told: Told, took_ms: int) -> None:
        """Note a call; one that cannot be noted has been answered nevertheless."""
        call = _call(way, heard, signed, told, took_ms, self._database.clock.now())
        try:
            await self._database.transact(lambda tx: actions.note(tx, call))
            if self._count % PRUNED_EVERY == 0:
                await self._database.transact(actions.prune)
            self._count += 1
        except Problem:
            log.warning("call not noted", call=call.id)


def headers_of(lines: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case names."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in lines}


def _call(way: Way, heard: Heard, signed: Signed | None, told: Told, took_ms: int, at: datetime) -> Call:
    return Call(
        id=new_id(),
        at=at,
        face=way.face,
        method=heard.method,
        target=heard.target,
        key=signed.key if signed else "",
        institution_id=way.institution_id,
        status=told.status,
        outcome=_outcome(told.body),
        took_ms=took_ms,
        switched=way.on.names,
        asked_headers=msgspec.json.encode(heard.headers),
        asked=heard.body[:LONGEST_KEPT],
        told_headers=msgspec.json.encode(headers_of(told.headers)),
        told=told.body[:LONGEST_KEPT],
        signed=signed.text.encode("utf-8", "surrogatepass") if signed else None,
        form=signed.form if signed else "",
    )


def _outcome(body: bytes) -> str:
    """Return the code an answer carries, whatever its face calls it; empty without one."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    common = content.get("commonOut")
    for found in (common if isinstance(common, dict) else {}, content):
        for name in ("resultCode", "code", "ret_code", "return_code", "Flag"):
            if isinstance(found.get(name), str | int):
                return str(found[name])[:64]
    return ""
