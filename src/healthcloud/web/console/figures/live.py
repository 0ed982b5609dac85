"""
`/console/figures/live`: the numbers as they change.

Asked for `text/event-stream` it streams server-sent events, each with the state's name as id, so that a browser that
comes back with Last-Event-ID hears only what it has not shown. Asked for JSON with `?after=<state>` it answers once.
A stream ends when the worker does, and when its session is over, locked or without the right; looking at it keeps no
session awake.
"""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from healthcloud import access, figures
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unauthenticated
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.console.figures.board import board_page
from healthcloud.web.console.figures.pulse import LOOK_SECONDS, Pulse, pulse_of
from healthcloud.web.console.frame import FIGURES
from healthcloud.web.page import words_of

router = APIRouter()
HEARTBEAT_SECONDS = 25.0
SESSION_SECONDS = 5.0
EVENT_STREAM = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get(
    f"{FIGURES.href}/live",
    include_in_schema=False,
    response_model=None,
    dependencies=[needs_nothing("refuses whoever may not see figures, in its own words")],
)
async def live(request: Request, database: DatabaseIn) -> Response:
    """Stream the numbers, or answer once what has changed since."""
    caller = await _looking(request, database)
    if caller is None:
        raise Unauthenticated
    if not FIGURES.is_open_to(caller):
        raise Forbidden(scope=figures.SCOPE)
    pulse = pulse_of(request.app.state, database)
    watch = _Watch(request, database, pulse, caller)
    if EVENT_STREAM not in request.headers.get("accept", ""):
        return JSONResponse(await watch.once(request.query_params.get("after", "")), headers=_HEADERS)
    pulse.enter()
    return StreamingResponse(watch.events(), media_type=EVENT_STREAM, headers=_HEADERS)


async def _looking(request: Request, database: Database) -> Caller | None:
    """Return who looks now, without keeping their session awake."""
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    async with database.read() as read:
        return await access.sessions.looking(read, cookie)


@dataclass(frozen=True, slots=True)
class _Watch:
    """One browser that watches."""

    request: Request
    database: Database
    pulse: Pulse
    caller: Caller

    async def once(self, after: str) -> dict[str, str | None]:
        """Return the state and, where it is another than the one shown, what it looks like."""
        state = await self.pulse.state()
        if state == after:
            return {"state": state, "html": None}
        state, html = await self._shown()
        return {"state": state, "html": html}

    async def events(self) -> AsyncIterator[str]:
        """Yield events until the browser leaves, the session ends or the worker does."""
        sent = self.request.headers.get("last-event-id", "")
        beat = checked = time.monotonic()
        try:
            yield "retry: 3000\n\n"
            while not self.pulse.has_ended:
                now = time.monotonic()
                if now - checked >= SESSION_SECONDS:
                    checked = now
                    if not await self._may_go_on():
                        yield 'event: end\ndata: {"why": "session"}\n\n'
                        return
                if await self.pulse.state() != sent:
                    sent, html = await self._shown()
                    beat = now
                    yield f"id: {sent}\nevent: figures\ndata: {json.dumps({'html': html}, ensure_ascii=False)}\n\n"
                elif now - beat >= HEARTBEAT_SECONDS:
                    beat = now
                    yield ": beat\n\n"
                await self.pulse.rest(LOOK_SECONDS)
        except Problem:
            # The database is away: the browser comes back by itself.
            return
        finally:
            self.pulse.leave()

    async def _may_go_on(self) -> bool:
        caller = await _looking(self.request, self.database)
        return caller is not None and FIGURES.is_open_to(caller) and caller.institution_id == self.caller.institution_id

    async def _shown(self) -> tuple[str, str]:
        words, here = words_of(self.request), self.caller.institution_id or figures.CITY
        return await self.pulse.page(
            (here, words.language), lambda: board_page(self.request, self.database, self.caller, words)
        )
