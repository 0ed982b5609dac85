"""Service notices: what waits for this resident's answer, and what was done that they should hear of."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.page import page, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN, masked_names
from healthcloud.web.resident.telling import looks_page, told
from healthcloud.web.resident.visitor import own_person, visitor

router = APIRouter(prefix="/messages", include_in_schema=False)
AT_ONCE = 20
CARD = (
    *("cards.issued", "cards.activated", "cards.restored", "cards.frozen", "cards.unfrozen", "cards.cancelled"),
    *("cards.taken-back", "cards.converted", "cards.code-printed", "cards.phone-enrolled", "cards.phone-removed"),
    *("cards.scan-refused",),
)
FAMILY = ("people.grant-asked", "people.grant-accepted", "people.grant-refused", "people.grant-withdrawn")
DATA = (
    *("people.corrected", "people.request-answered", "people.document-added", "people.contact-changed"),
    *("people.doubted", "people.merged", "people.unmerged", "people.child-registered", "people.account-attached"),
    *("people.account-detached", "people.opened"),
)
ALL = "all"
KINDS = {ALL: CARD + FAMILY + DATA, "card": CARD, "family": FAMILY, "data": DATA}
# Where a notice leads on.
WAYS = {"people.request-answered": "/me/corrections", "people.corrected": "/me/corrections", "people.opened": "/looks"}


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def messages(
    request: Request,
    database: DatabaseIn,
    kind: Annotated[str, Query(max_length=20)] = ALL,
    cursor: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[datetime | None, Query()] = None,
) -> Response:
    """
    List what waits, then notices, the newest first; those marked that are new since the account looked last.

    Looking at the first page of all is having looked. The further pages are told by `since` what was new then.
    """
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    words, known = words_of(request), kind if kind in KINDS else ALL
    async with database.read() as read:
        listed = await looks_page(read, caller, audit.DeedsOf(KINDS[known]), cursor, AT_ONCE)
        asked = [one for one in await people.grants.grants_of(read, own_person(caller)) if one.state == "asked"]
        names = masked_names(await people.faces(read, None, {one.keeper_id for one in asked}))
        new_since = since if since and since.tzinfo else await people.looks.read_since(read, caller)
        unread = 0 if known == ALL else await unread_messages(read, caller)
    if known == ALL and not cursor and listed.items and listed.items[0].at > new_since:
        await database.transact(lambda tx: people.looks.mark_read(tx, caller, listed.items[0].at))
    going_on = {"kind": known, "cursor": listed.next or "", "since": new_since.isoformat()}
    return page(
        request,
        "resident/messages.html",
        tab="messages",
        waiting=[] if cursor else [(one, names.get(one.keeper_id, "–")) for one in asked],
        unread=unread,
        notices=[(*told(words, look), _way(look), look.at > new_since and not look.own) for look in listed.items],
        chips=[(f"/messages?kind={one}", words(f"messages.kind.{one}"), one == known) for one in KINDS],
        more=f"/messages?{urlencode(going_on)}" if listed.next else "",
    )


async def unread_messages(read: Read, caller: Caller) -> int:
    """Count the messages that are new to a resident, for the tab bar; 100 stands for more too."""
    return await people.looks.unread(read, caller, KINDS[ALL])


def _way(look: people.looks.Look) -> str:
    if look.deed in WAYS:
        return WAYS[look.deed]
    return "/family" if look.deed in FAMILY else "/card" if look.deed in CARD else "/looks"
