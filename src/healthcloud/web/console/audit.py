"""The audit: deeds searched by what stands in the address, a person by a document, and the chain's light."""

from datetime import datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, audit, institutions, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.paging import decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import day_of, document_fields, institutions_of, reason_field, uuid_of
from healthcloud.web.console.frame import AUDIT
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.page import go_to
from healthcloud.web.wording import ENGLISH

router = APIRouter()
PAGE = 50
SPAN = timedelta(days=31)
LATE = timedelta(minutes=1)
STALE = timedelta(days=2)
MOST_FINDINGS = 20
FAULTS = frozenset(
    {"altered", "removed", "reordered", "block-altered", "block-removed", "cut-off", "head-forged", "unsealed"}
)
FILTERS = ("from", "to", "deed", "outcome", "institution", "actor", "subject")


@view(router, AUDIT)
async def search(desk: Desk) -> Response:
    """Search deeds, newest first, and show the chain's light."""
    wanted = {name: desk.asked(name) for name in FILTERS}
    since, before = _span(desk, wanted)
    cursor = desk.asked("after")
    async with desk.database.read() as read:
        found = await audit.search_deeds(
            read,
            desk.caller,
            audit.DeedsWanted(
                since=since,
                before=decode_cursor(cursor, tuple[datetime, UUID]) if cursor else before,
                deed=wanted["deed"],
                actor_id=_id(wanted["actor"], "actor"),
                limit=PAGE + 1,
                institution_id=_id(wanted["institution"], "institution"),
                subject_id=_id(wanted["subject"], "subject"),
                outcome=wanted["outcome"],
            ),
        )
        page = page_of(found, PAGE, lambda deed: (deed.at, deed.id))
        rows = await _rows(read, desk, page.items, wanted)
        filters = await _filters(read, desk, wanted)
        light = await _light(read, desk)
    more = query(desk.path, **wanted, after=page.next) if page.next else ""
    heads = [desk.say(f"head.{name}") for name in ("at", "deed", "outcome", "actor", "institution", "subject", "why")]
    table = Table(desk.say("found"), heads, rows, desk.say("none"), more)
    asked = ("ok", desk.say("verification-asked")) if desk.asked("done") == "asked" else None
    person = Action(f"{AUDIT.href}/person", desk.say("by-person"))
    refused = Action(query(AUDIT.href, outcome="refused"), desk.say("refusals"))
    return desk.listed(desk.say("title"), table, filters=filters, actions=[refused, person], notice=asked, light=light)


def _id(text: str | None, name: str) -> UUID | None:
    return uuid_of(text, name) if text else None


def _span(desk: Desk, wanted: dict[str, str | None]) -> tuple[datetime, tuple[datetime, UUID]]:
    """Return from when, and before which place: the first day's begin, the last day's end, in the city's time."""
    now = desk.database.clock.now()
    since = now - SPAN
    if first := wanted["from"]:
        since = datetime.combine(day_of(first, "from"), time(), SHANGHAI)
    if not (last := wanted["to"]):
        return since, audit.NEWEST
    after = datetime.combine(day_of(last, "to") + timedelta(days=1), time(), SHANGHAI)
    if after <= since:
        raise Unacceptable(faults=(FieldFault("#/to", "is before the first day", "结束日期早于开始日期"),))
    return since, (after, UUID(int=0))


async def _rows(read: Read, desk: Desk, deeds: list[audit.Deed], wanted: dict[str, str | None]) -> list[Row]:
    logins = await access.staff.logins_of(read, {deed.actor_id for deed in deeds} | {deed.subject_id for deed in deeds})
    names = await institutions.names_of(
        read,
        {deed.institution_id for deed in deeds if deed.institution_id} | {deed.subject_id for deed in deeds},
    )
    return [_row(desk, deed, logins, names, wanted) for deed in deeds]


def _row(
    desk: Desk, deed: audit.Deed, logins: dict[UUID, str], names: dict[UUID, str], wanted: dict[str, str | None]
) -> Row:
    kept = {name: value for name, value in wanted.items() if name not in ("actor", "subject")}
    actor = logins.get(deed.actor_id, desk.say(f"actor.{deed.actor_kind}"))
    subject = logins.get(deed.subject_id) or names.get(deed.subject_id) or str(deed.subject_id)[-12:]
    words = audit.words_for(deed.deed)
    detail = " ".join(f"{name}={value}" for name, value in deed.detail.items() if value is not None)
    return (
        at(deed.at),
        words.en if desk.words.language == ENGLISH else words.zh,
        Cell(desk.say(f"outcome.{deed.outcome}"), tone="danger" if deed.outcome == "refused" else "ok"),
        Cell(actor, href=query(AUDIT.href, **kept, actor=str(deed.actor_id))),
        names.get(deed.institution_id) if deed.institution_id else "",
        Cell(subject, href=query(AUDIT.href, **kept, subject=str(deed.subject_id))),
        " ".join(part for part in (deed.reason, detail) if part),
    )


async def _filters(read: Read, desk: Desk, wanted: dict[str, str | None]) -> list[Field]:
    english = desk.words.language == ENGLISH
    kinds = sorted(
        (name, f"{kind.en if english else kind.zh}（{name}）") for name, kind in audit.declared_deeds().items()
    )
    outcomes = [(one, desk.say(f"outcome.{one}")) for one in ("done", "refused")]
    places = await institutions_of(read)

    def field(name: str, kind: str, options: list[tuple[str, str]] | None = None) -> Field:
        value = wanted[name] or ""
        return Field(name, desk.say(f"filter.{name}"), kind, value, options=options or (), required=False)

    fields = [
        field("from", "date"),
        field("to", "date"),
        field("deed", "select", kinds),
        field("outcome", "select", outcomes),
        field("institution", "select", places),
    ]
    fields += [field(name, "text") for name in ("actor", "subject") if wanted[name]]
    return fields


async def _light(read: Read, desk: Desk) -> Section:
    """Return how the chain stands: sealed until when, its signed head, and when it was last proven."""
    now = desk.database.clock.now()
    block, lag = await audit.newest_block(read), await audit.sealing_lag(read, now)
    last = await audit.last_verification(read, desk.caller)
    sound = await audit.last_sound(read, desk.caller)
    head = desk.operations.newest_head()
    signed: Cell | str = desk.say("light.no-head")
    if head is not None:
        genuine = desk.say("light.genuine" if head.genuine else "light.forged")
        signed = Cell(f"#{head.seq} · {genuine}", tone="ok" if head.genuine else "danger")
    broken = (last is not None and not last.sound) or (head is not None and not head.genuine)
    late = lag > LATE or sound is None or now - sound.ended_at > STALE
    state, tone = ("broken", "danger") if broken else ("late", "warn") if late else ("sound", "ok")
    pairs: Pairs = (
        (desk.say("light.state"), Cell(desk.say(f"light.{state}"), tone=tone)),
        (desk.say("light.sealed"), at(block.sealed_at) if block else desk.say("light.nothing")),
        (desk.say("light.blocks"), block.seq if block else 0),
        (desk.say("light.lag"), desk.say("light.seconds", n=int(lag.total_seconds()))),
        (desk.say("light.head"), signed),
        (desk.say("light.exported"), at(head.at) if head else ""),
        (desk.say("light.verified"), at(last.ended_at) if last else desk.say("light.never")),
        (desk.say("light.verdict"), _verdict(desk, last)),
    )
    tables = [_findings(desk, last)] if last is not None and last.findings else []
    verify = Action(f"{AUDIT.href}/verify", desk.say("verify"))
    return Section(desk.say("light.title"), pairs, tables, [verify])


def _verdict(desk: Desk, last: audit.Verification | None) -> Cell | str:
    if last is None:
        return ""
    if last.sound:
        return Cell(desk.say("light.all-sound", deeds=last.deeds, blocks=last.blocks), tone="ok")
    return Cell(desk.say("light.faults", n=last.faults), tone="danger")


def _findings(desk: Desk, last: audit.Verification) -> Table:
    heads = [desk.say(f"finding.{name}") for name in ("kind", "block", "line", "deed")]
    rows: list[Row] = [
        (_fault(desk, str(one["kind"])), one["seq"], one["line"], Cell(str(one["deed_id"] or ""), code=True))
        for one in last.findings[:MOST_FINDINGS]
    ]
    return Table(desk.say("finding.title"), heads, rows, "")


def _fault(desk: Desk, kind: str) -> str:
    """Return the words of a fault; one found by a version of long ago is told by its name."""
    return desk.say(f"finding.{kind}") if kind in FAULTS else kind


@view(router, AUDIT, "/verify")
async def ask_verification(desk: Desk) -> Response:
    """Say what a verification does."""
    form = Form(desk.say("verify-act"), about=[desk.say("verify-about")])
    return desk.to_fill(desk.say("verify"), form, up=AUDIT.href)


@view(router, AUDIT, "/verify", "POST")
async def verify(desk: Desk) -> Response:
    """Have the chain verified in the background."""
    await desk.transact(lambda tx: audit.ask_verification(tx, desk.caller), UUID)
    return go_to(query(AUDIT.href, done="asked"))


@view(router, AUDIT, "/person")
async def ask_person(desk: Desk) -> Response:
    """Ask for a document, and why its holder's deeds are looked at."""
    return _ask_person(desk, {})


def _ask_person(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    fields = [*document_fields(desk.words, values), reason_field(desk.words, values.get("reason", ""))]
    form = Form(desk.say("person-act"), fields, about=[desk.say("person-about")])
    return desk.to_fill(desk.say("by-person"), form, up=AUDIT.href, problem=problem)


@view(router, AUDIT, "/person", "POST")
async def find_person(desk: Desk) -> Response:
    """Find whom the deeds name: an id, nobody's data; the person can read that it was done, and why."""
    form = desk.form()
    document = people.DocumentForm(form.get("kind", ""), form.get("number", ""))
    try:
        found = await desk.database.transact(
            lambda tx: people.subject_of_document(tx, desk.caller, document, form.get("reason", ""))
        )
    except Problem as problem:
        return _ask_person(desk, form, problem)
    return go_to(query(AUDIT.href, subject=str(found)))
