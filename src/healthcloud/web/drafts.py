"""
What was filled in, kept until it is confirmed, so that every page but the last act is a GET.

A form of two steps works like this, for residents, at counters and at consoles alike:

1. POST with what was filled in: faults are answered at once; else `to_review` keeps it and redirects (303) to the
   form's own address with `?draft=<id>`. The id is random and good for this account alone: no data in an address.
2. GET with `?draft=`: `draft_of` gives it back. Show the review with `fields` as hidden inputs, `once=draft.once` and a
   link to `draft.change`; where `draft.is_changing`, show the form filled in. None: show the form empty, and where
   `draft_over` says so, that it was kept too long.
3. POST with `confirmed`: the act, under `carry_out`. Its key is the draft's, so that Back, Reload, a second tab and a
   lost answer all confirm the same draft once.

Back from the review shows the form as it was filled in: kit.js remembers the draft's address (not its contents).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.drafts import draft, keep_draft
from healthcloud.web.forms import Fault
from healthcloud.web.page import go_to, words_of

_NAME, _CHANGING = "draft", "change"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in; `once` is the key of its confirmation, `change` the address where it is written anew."""

    fields: dict[str, str] = field(repr=False)
    once: str
    change: str
    is_changing: bool


async def to_review(request: Request, database: Database, caller: Caller, fields: Mapping[str, str]) -> Response:
    """Keep what was filled in on this form and send the browser to look at it; `fields` without keys and steps."""
    form = request.url.path
    draft_id = await database.transact(lambda tx: keep_draft(tx, caller, form, fields))
    return go_to(f"{form}?{_NAME}={draft_id}")


async def draft_of(request: Request, database: Database, caller: Caller) -> Draft | None:
    """Return the draft the address names, if it is this caller's, of this form, and not over."""
    form, draft_id = request.url.path, _asked(request)
    if draft_id is None:
        return None
    async with database.read() as read:
        fields = await draft(read, caller, form, draft_id)
    if fields is None:
        return None
    change = f"{form}?{_NAME}={draft_id}&{_CHANGING}=1"
    return Draft(fields, draft_id.hex, change, _CHANGING in request.query_params)


def draft_over(request: Request) -> list[Fault]:
    """Return what a form says, as `errors`, that is shown empty where a draft was asked for; nothing else."""
    return [Fault("", words_of(request)("kit.draft-over"))] if _NAME in request.query_params else []


def _asked(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params.get(_NAME, ""))
    except ValueError:
        return None
