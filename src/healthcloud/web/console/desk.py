"""What every page of the consoles shares: who may enter, the side, problems in words, and acts carried out once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing, visit_of
from healthcloud.core.paging import decode_cursor
from healthcloud.core.settings import Settings
from healthcloud.web.console.frame import Subject, nav_of
from healthcloud.web.console.parts import Action, Field, Form, Pairs, Section, Table
from healthcloud.web.console.ports import Operations
from healthcloud.web.drafts import Draft, draft_of, draft_over, to_review
from healthcloud.web.forms import faults_of
from healthcloud.web.once import carry_out, kept_key
from healthcloud.web.page import form_of, go_to, looker, page, words_of
from healthcloud.web.wording import Words

Result = TypeVar("Result")
SIGN_IN = "/staff/sign-in"
OLDEST, NEWEST = UUID(int=0), UUID(int=(1 << 128) - 1)  # ids come in the order of time


@dataclass(frozen=True, slots=True)
class Desk:
    """One look at a page of the consoles, by somebody to whom its subject is open."""

    request: Request
    database: Database
    settings: Settings
    caller: Caller
    words: Words
    subject: Subject
    who: str  # as stands at the top of each page: login, and institution or none

    @property
    def path(self) -> str:
        """The page's own path."""
        return self.request.url.path

    @property
    def policy(self) -> access.AccessPolicy:
        """The numbers access goes by."""
        return access.AccessPolicy.of(self.settings)

    @property
    def operations(self) -> Operations:
        """The installation itself."""
        return cast("Operations", self.request.app.state.operations)

    def say(self, key: str, **values: object) -> str:
        """Return the subject's own words: `console-<subject>.<key>`."""
        return self.words(f"console-{self.subject.name}.{key}", **values)

    def asked(self, name: str) -> str | None:
        """Return a value of the query, blanks trimmed, or None where it is empty."""
        return self.request.query_params.get(name, "").strip() or None

    def after(self, name: str = "after", start: UUID = OLDEST) -> UUID:
        """Return the id after which a list goes on, or where it starts; raise CursorUnreadable."""
        cursor = self.asked(name)
        return decode_cursor(cursor, tuple[UUID])[0] if cursor else start

    def id(self, name: str) -> UUID:
        """Return an id of the page's path."""
        found: UUID = self.request.path_params[name]
        return found

    def form(self) -> dict[str, str]:
        """Return the posted form, blanks trimmed."""
        return {name: value.strip() for name, value in form_of(self.request).items()}

    def listed(
        self,
        title: str,
        *tables: Table,
        filters: Sequence[Field] = (),
        actions: Sequence[Action] = (),
        about: str = "",
        notice: tuple[str, str] | None = None,
        light: Section | None = None,
    ) -> Response:
        """Show a list with its filters."""
        return self.page(
            "console/list.html",
            title=title,
            tables=tables,
            filters=filters,
            actions=actions,
            about=about,
            notice=notice,
            light=light,
        )

    def detailed(
        self, title: str, *sections: Section, pairs: Pairs = (), actions: Sequence[Action] = (), up: str = ""
    ) -> Response:
        """Show one thing; what was just done to it is said at the top."""
        done = self.asked("done")
        known = f"console-{self.subject.name}.done.{done}"
        notice = self.words.texts.get(known) if done else None
        return self.page(
            "console/detail.html", title=title, sections=sections, pairs=pairs, actions=actions, up=up, notice=notice
        )

    def to_fill(
        self,
        title: str,
        form: Form,
        *,
        up: str,
        problem: Problem | None = None,
        tabs: Sequence[tuple[str, str, bool]] = (),
        draft: Draft | None = None,
    ) -> Response:
        """
        Show a form, with what was wrong with it when it was sent; its key stays while nothing was done under it.

        What is checked before it is done is shown with its draft, whose key is the act's.
        """
        shared = {} if problem is None else kept_key(self.request)
        shared |= {"once": draft.once} if draft else {}
        errors = draft_over(self.request) if problem is None and draft is None else []
        errors = errors if problem is None else faults_of(self.words, problem)
        status = 200 if problem is None else problem.status
        return self.page(
            "console/form.html", status=status, title=title, form=form, up=up, errors=errors, tabs=tabs, **shared
        )

    def told_once(self, title: str, pairs: Pairs, about: Sequence[str], *, on: Action, helps: str = "") -> Response:
        """Show what can never be shown again."""
        return self.page("console/secret.html", title=title, pairs=pairs, about=about, on=on, helps=helps)

    def failed(self, problem: Problem) -> Response:
        """Say in words why a page cannot be shown."""
        return self.page(
            "console/failed.html",
            status=problem.status,
            problem=self.words.problem(problem),
            faults=self.words.faults(problem),
            acts=self.words(f"who.{problem.who_acts}"),
            request_id=visit_of(self.request.scope).request_id,
            up=self.subject.href,
        )

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Render a page with the caller's side."""
        nav = nav_of(self.caller, self.words, self.path)
        return page(self.request, template, status=status, nav=nav, who=self.who, **values)

    async def draft(self) -> Draft | None:
        """Return what was filled in on this form to be checked, if the address names it."""
        return await draft_of(self.request, self.database, self.caller)

    async def to_check(self, fields: Mapping[str, str]) -> Response:
        """Keep what was filled in and send the browser to check it."""
        return await to_review(self.request, self.database, self.caller, fields)

    async def transact(self, action: Callable[[Transaction], Awaitable[Result]], kind: type[Result]) -> Result:
        """Carry a form out once, however often it is sent; return what it came to, the same each time."""
        return await carry_out(self.request, self.database, self.caller, action, kind)

    async def transact_proven(self, action: Callable[[Transaction], Awaitable[Result]], kind: type[Result]) -> Result:
        """Carry a grave act out once, the one-time code in the form's `code` spent with it; raise CodeWrong."""
        code = self.form().get("code", "")
        shown = await access.staff.check_code(self.database, self.policy, self.caller, code)

        async def proven(tx: Transaction) -> Result:
            await access.staff.spend_code(tx, self.caller, shown)
            return await action(tx)

        return await self.transact(proven, kind)


async def _who(database: Database, caller: Caller) -> str:
    async with database.read() as read:
        logins = await access.staff.logins_of(read, [caller.account_id])
        names = await institutions.names_of(read, [caller.institution_id]) if caller.institution_id else {}
    return " · ".join([*logins.values(), *names.values()])


Handler: TypeAlias = Callable[[Desk], Awaitable[Response]]


def view(router: APIRouter, subject: Subject, path: str = "", method: str = "GET") -> Callable[[Handler], Handler]:
    """Serve a page, or an act, below a subject: to those it is open to, and to nobody else."""

    def serve(handler: Handler) -> Handler:
        async def endpoint(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
            caller = await looker(request)
            if caller.kind is CallerKind.GUEST:
                return go_to(f"{SIGN_IN}?next={quote(request.url.path if method == 'GET' else subject.href)}")
            if not subject.is_open_to(caller):
                return page(request, "kit/not_yours.html", status=403)
            who = await _who(database, caller)
            desk = Desk(request, database, settings, caller, words_of(request), subject, who)
            try:
                return await handler(desk)
            except Problem as problem:
                return desk.failed(problem)

        router.add_api_route(
            subject.href + path,
            endpoint,
            methods=[method],
            name=handler.__name__,
            include_in_schema=False,
            response_model=None,
            dependencies=[needs_nothing(f"opens to {' or '.join(sorted(subject.scopes))}, and says so to others")],
        )
        return handler

    return serve
