"""The family: for whom one acts, who acts for oneself, what is asked; accepted, refused, withdrawn; what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import audit, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import page, words_of
from healthcloud.web.resident.telling import looks_page
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/family", include_in_schema=False)
SENT_TO_SIGN_IN = "sends whoever is not signed in to sign in"
AT_ONCE = 30
DEEDS = ("accept", "refuse", "withdraw")
_DONE_FOR_SOMEBODY = (
    *("people.grant-asked", "people.grant-accepted", "people.grant-refused", "people.grant-withdrawn"),
    *("people.opened", "people.contact-changed", "people.consent-given", "people.consent-withdrawn"),
    *("cards.uses-read", "cards.frozen", "cards.unfrozen", "cards.cancelled", "cards.code-printed"),
    *("cards.phone-enrolled", "cards.phone-removed"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A grant with the other's masked name, and how it counts now."""

    grant: people.grants.Grant
    name: str
    mine: bool  # the visitor is the keeper
    state: str


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def family(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """List every grant that counts or waits, and the children a mother may still take on."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        me = own_person(caller)
        kept = await _shown(read, await people.grants.kept_by(read, me), mine=True)
        keepers = await _shown(read, await people.grants.grants_of(read, me), mine=False)
        newborns = await people.grants.newborns_to_keep(read, me)
    live = ("asked", "accepted")
    return page(
        request,
        "resident/family.html",
        back="/",
        kept=[one for one in kept if one.state in live],
        asked=[one for one in keepers if one.state == "asked"],
        keepers=[one for one in keepers if one.state == "accepted"],
        former=[one for one in keepers if one.state not in live][:5],
        newborns=len(newborns),
        most_kept=settings.persons_per_account,
        most_keepers=settings.keepers_per_person,
    )


@router.get("/log", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def log(request: Request, database: DatabaseIn, cursor: Annotated[str, Query(max_length=200)] = "") -> Response:
    """List what was done by one for another of the family, about this resident or by them."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    wanted = audit.DeedsOf(_DONE_FOR_SOMEBODY, actor_kind=CallerKind.RESIDENT)
    async with database.read() as read:
        listed = await looks_page(read, caller, wanted, cursor, AT_ONCE)
    more = f"/family/log?cursor={listed.next}" if listed.next else ""
    return page(request, "resident/family_log.html", back="/family", looks=listed.items, more=more)


@router.get("/{person_id:uuid}/{grant_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def grant(person_id: UUID, grant_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Show one grant whole, with what can be done about it."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        one = await _find(read, caller, person_id, grant_id)
    if one is None:
        text = words_of(request).problem(people.PersonNotFound())
        return page(request, "resident/nothing.html", status=404, back="/family", text=text)
    return page(request, "resident/grant.html", back="/family", one=one)


@router.post("/{person_id:uuid}/{grant_id:uuid}/{deed}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def decide(
    person_id: UUID, grant_id: UUID, deed: str, request: Request, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Accept, refuse or withdraw a grant, once, and say what happens next."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    policy = people.Policy.of(settings)

    async def act(tx: Transaction) -> str:
        if deed not in DEEDS:
            raise NotFound
        if deed == "accept":
            await people.grants.accept_grant(tx, caller, person_id, grant_id, None, policy)
        elif deed == "refuse":
            await people.grants.refuse_grant(tx, caller, person_id, grant_id)
        else:
            await people.grants.withdraw_grant(tx, caller, person_id, grant_id)
        return f"/family/done/{deed}"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        async with database.read() as read:
            one = await _find(read, caller, person_id, grant_id)
        if one is None:
            words = words_of(request)
            told = {"title": words("family.title"), "text": words.problem(problem)}
            return page(request, "resident/nothing.html", status=problem.status, back="/family", **told)
        return refused(request, "resident/grant.html", problem, back="/family", one=one)


@router.get("/done/{deed}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def done(deed: str, request: Request) -> Response:
    """Say that it is done, and what happens next."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    known = deed if deed in (*DEEDS, "agree", "newborn") else "withdraw"
    return page(request, "resident/family_done.html", back="/family", deed=known)


async def _find(read: Read, caller: Caller, person_id: UUID, grant_id: UUID) -> Shown | None:
    """Return a grant of which the visitor is one side; None for nobody's and for others' alike."""
    me = own_person(caller)
    kept = await _shown(read, await people.grants.kept_by(read, me), mine=True)
    keepers = await _shown(read, await people.grants.grants_of(read, me), mine=False)
    wanted = (person_id, grant_id)
    return next((one for one in (*kept, *keepers) if (one.grant.person_id, one.grant.id) == wanted), None)


async def _shown(read: Read, grants: Sequence[people.grants.Grant], *, mine: bool) -> list[Shown]:
    others = {one.person_id if mine else one.keeper_id for one in grants}
    names = masked_names(await people.faces(read, None, others))
    now = read.clock.now()
    return [
        Shown(
            one,
            names.get(one.person_id if mine else one.keeper_id, "–"),
            mine,
            "ended" if one.until is not None and one.until <= now and one.state in ("asked", "accepted") else one.state,
        )
        for one in grants
    ]


def masked_names(seen: dict[UUID, people.Seen]) -> dict[UUID, str]:
    """Return masked names by the id asked for."""
    return {person_id: people.masked(one.face).name for person_id, one in seen.items()}


def ticked(form: dict[str, str], prefix: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return which of these boxes of a form are ticked."""
    return tuple(one for one in known if form.get(f"{prefix}-{one}") == "yes")
