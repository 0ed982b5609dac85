"""What every page of a counter shares: who sits there, at which terminal, and where everybody else is sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from healthcloud import access, institutions
from healthcloud.core.caller import GUEST, Caller, CallerKind
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.errors import Problem, Unauthenticated
from healthcloud.core.http import DatabaseIn, SettingsIn, caller_of, needs_nothing, visit_of
from healthcloud.core.settings import Settings
from healthcloud.web.drafts import Draft, draft_of, to_review
from healthcloud.web.forms import Fault, faults_of, refused
from healthcloud.web.once import carry_out
from healthcloud.web.page import form_of, go_to, page, words_of
from healthcloud.web.wording import CHINESE, Words

Result = TypeVar("Result")
LOCK = "/staff/lock"
SIGN_IN = "/staff/sign-in"
PREFIX_COOKIE = "hc_scanner_prefix"
TONE_COOKIE, TONE_ON = "hc_tone", "on"
COVERED_AFTER_MINUTES = 10  # where patients stand before the screen, sooner than a session is locked elsewhere
_LOOKED = "looked"  # beside a draft's fields: what was found by them
_FIELD_WORDS = {
    "number": "register.number",
    "name": "register.name",
    "sex": "register.sex",
    "birth_date": "register.birth_date",
    "born_at": "register.born_at",
    "order": "register.order",
    "phone": "register.phone",
    "local_number": "register.local_number",
    "issuer": "register.issuer",
    "evidence": "register.evidence",
    "record": "register.record",
    "address": "register.address",
    "authority": "register.authority",
    "valid_from": "register.valid_from",
    "valid_to": "register.valid_to",
    "keeper_id": "register.keeper",
    "mother_id": "register.mother",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A member of staff before a browser, and the terminal it is bound to, if any."""

    request: Request = field(repr=False)
    database: Database = field(repr=False)
    settings: Settings = field(repr=False)
    caller: Caller
    terminal: institutions.Terminal | None = None
    institution: institutions.Institution | None = None
    scene: institutions.codes.Code | None = None

    @property
    def words(self) -> Words:
        """The words of this browser's language."""
        return words_of(self.request)

    @property
    def place(self) -> str:
        """Where this is: institution, terminal and its usual scene, as far as known."""
        names = [self.institution.name if self.institution else "", self.terminal.name if self.terminal else ""]
        if self.terminal:
            names.append(labelled(self.words, self.scene) or self.terminal.scene_code)
        return " · ".join(name for name in names if name)

    @property
    def idle_seconds(self) -> int:
        """After how long alone the page is covered and the session locked."""
        return min(self.settings.session_idle_minutes, COVERED_AFTER_MINUTES) * 60

    @property
    def prefix(self) -> str:
        """What this desk's scanner types before each code."""
        return self.request.cookies.get(PREFIX_COOKIE, "")

    @property
    def has_tone(self) -> bool:
        """Whether this desk wants a tone with each verdict."""
        return self.request.cookies.get(TONE_COOKIE) == TONE_ON

    def may(self, *scopes: str) -> bool:
        """Tell whether whoever sits here holds one of these."""
        return not self.caller.scopes.isdisjoint(scopes)

    @property
    def person_id(self) -> UUID:
        """The person in the page's address."""
        return UUID(str(self.request.path_params["person_id"]))

    def form(self) -> dict[str, str]:
        """Return the posted form, blanks trimmed."""
        return {name: value.strip() for name, value in form_of(self.request).items()}

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a page of the counter."""
        return page(self.request, template, status=status, desk=self, **values)

    def refused(self, template: str, problem: Problem, **values: Any) -> HTMLResponse:
        """Render a page again with what was wrong, and who acts where it is not whoever fills it in."""
        who = "" if problem.faults else self.words(f"who.{problem.who_acts}")
        errors = [self._named(fault) for fault in faults_of(self.words, problem)]
        shown: dict[str, Any] = {"desk": self, "who": who, "errors": errors} | values
        return refused(self.request, template, problem, **shown)

    def _named(self, fault: Fault) -> Fault:
        """Return a fault with the name of its field, for a list that stands away from it."""
        key = _FIELD_WORDS.get(fault.field)
        if key is None:
            return fault
        return Fault(fault.field, self.words("register.said", field=self.words(key), text=fault.text))

    def failed(self, problem: Problem) -> HTMLResponse:
        """Say in words why a page cannot be shown, what to do, and who acts."""
        request_id = visit_of(self.request.scope).request_id
        words, who = self.words, self.words(f"who.{problem.who_acts}")
        told = words.problem(problem)
        return self.page("clinic/failed.html", status=problem.status, problem=told, who=who, request_id=request_id)

    async def draft(self, kind: type[Result]) -> tuple[Draft, Result] | None:
        """Return what was filled in on this form and what was found by it, if the address names what is kept."""
        draft = await draft_of(self.request, self.database, self.caller)
        if draft is None:
            return None
        looked = msgspec.json.decode(draft.fields.pop(_LOOKED), type=kind)
        return draft, looked

    async def to_review(self, form: Mapping[str, str], looked: object) -> Response:
        """Keep what was filled in with what was found by it, so that looking again looks nobody up again."""
        found = msgspec.json.encode(looked).decode()
        return await to_review(self.request, self.database, self.caller, {**form, _LOOKED: found})

    async def transact(self, action: Callable[[Transaction], Awaitable[Result]], kind: type[Result]) -> Result:
        """Carry a form out once, however often it is sent; return what it came to, the same each time."""
        return await carry_out(self.request, self.database, self.caller, action, kind)


Handler: TypeAlias = Callable[[Desk], Awaitable[Response]]


def view(router: APIRouter, path: str, *scopes: str, method: str = "GET") -> Callable[[Handler], Handler]:
    """Serve a page of the counter to whoever holds one of these scopes; send everybody else where they belong."""

    def serve(handler: Handler) -> Handler:
        async def endpoint(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
            desk = await desk_of(request, database, settings, *scopes)
            if isinstance(desk, Response):
                return desk
            try:
                return await handler(desk)
            except Problem as problem:
                return desk.failed(problem)

        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            name=handler.__name__,
            include_in_schema=False,
            response_model=None,
            dependencies=[needs_nothing("sends whoever is not signed in to the sign-in page, and says so to others")],
        )
        return handler

    return serve


def labelled(words: Words, code: institutions.codes.Code | None) -> str:
    """Return a code's label in a language; empty for none."""
    if code is None:
        return ""
    return code.label if words.language == CHINESE else code.label_en or code.label


async def desk_of(request: Request, database: Database, settings: Settings, *scopes: str) -> Desk | Response:
    """
    Return the desk for whoever holds one of these scopes.

    Else where they are sent: to unlock, to sign in, or a page that says it is not theirs.
    """
    try:
        caller = await caller_of(request)
    except access.sessions.SessionLocked:
        return go_to(f"{LOCK}?next={quote(back_to(request))}")
    except Unauthenticated:
        caller = GUEST
    if caller.kind is not CallerKind.STAFF:
        return go_to(f"{SIGN_IN}?next={quote(back_to(request))}")
    if caller.scopes.isdisjoint(scopes):
        return page(request, "kit/not_yours.html", status=403)
    async with database.read() as read:
        found = await _place(read, caller)
    return Desk(request, database, settings, caller, *found)


def back_to(request: Request) -> str:
    """Return the page to come back to: this one, or the scan page where a form was sent."""
    return request.url.path if request.method == "GET" else "/scan"


async def _place(
    read: Read, caller: Caller
) -> tuple[institutions.Terminal | None, institutions.Institution | None, institutions.codes.Code | None]:
    terminal = await institutions.terminal(read, caller.terminal_id) if caller.terminal_id else None
    own = terminal.institution_id if terminal else caller.institution_id
    institution = await institutions.institution(read, own) if own else None
    scene = await institutions.find_code(read, "med-step", terminal.scene_code) if terminal else None
    return terminal, institution, scene
