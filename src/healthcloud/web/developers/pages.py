"""The pages under /developers: read by everybody, without an account."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.developers import catalogue, changes, standing
from healthcloud.web.developers.diagrams import diagram
from healthcloud.web.developers.reference import Reference, read_reference
from healthcloud.web.developers.samples import samples
from healthcloud.web.developers.writing import read_chapter
from healthcloud.web.page import page, words_of

router = APIRouter(prefix="/developers", include_in_schema=False)
READ_BY_ALL = needs_nothing("whoever is to connect reads how before having an account")
# In the order in which they are read.
WAY = ("start", "keys", "signing")
SCENES = ("register", "scan", "patients", "usage", "acceptance")
FACES = ("own", "cards", "tencent", "shandong", "fhir", "hl7")
CHAPTERS = (*WAY, *SCENES, *FACES)
_PARTS = (("way", WAY), ("scenes", SCENES), ("faces", FACES))
_LISTS = ("reference", "errors", "scopes", "changelog", "status")


@router.get("", dependencies=[READ_BY_ALL])
async def start(request: Request) -> Response:
    """Show where to begin."""
    language = words_of(request).language
    rooms = [(part, [read_chapter(language, name) for name in names]) for part, names in _PARTS]
    return _page(request, "start", "", rooms=rooms, lists=_LISTS)


@router.get("/guide/{name}", dependencies=[READ_BY_ALL])
async def guide(name: str, request: Request) -> Response:
    """Show one chapter of the guide 对接指南."""
    words = words_of(request)
    if name not in CHAPTERS:
        return _nothing(request)
    chapter = read_chapter(words.language, name)
    place = CHAPTERS.index(name)
    following = read_chapter(words.language, CHAPTERS[place + 1]) if place + 1 < len(CHAPTERS) else None
    listings = {one: samples(one) for one in chapter.named("samples")}
    drawings = {one: diagram(words.language, one) for one in chapter.named("diagram")}
    return _page(request, "chapter", name, chapter=chapter, listings=listings, drawings=drawings, following=following)


@router.get("/reference", dependencies=[READ_BY_ALL])
async def reference(request: Request) -> Response:
    """List every operation of our own interface 接口参考."""
    return _page(request, "reference", "reference", reference=await _reference(request))


@router.get("/reference/{name}", dependencies=[READ_BY_ALL])
async def operation(name: str, request: Request) -> Response:
    """Show one operation: what it asks, answers and refuses."""
    found = (await _reference(request)).of(name)
    return _nothing(request) if found is None else _page(request, "operation", "reference", one=found)


@router.get("/errors", dependencies=[READ_BY_ALL])
async def errors(request: Request, who: Annotated[str, Query(max_length=20)] = "") -> Response:
    """List every problem by whose turn it is, or those that are one party's turn with what to do 错误码目录."""
    words, known = words_of(request), request.app.state.problem_kinds()
    parties = sorted({one.who_acts for one in known})
    of = {party: catalogue.entries([one for one in known if one.who_acts == party], words) for party in parties}
    chips = [("/developers/errors", words("developers.all"), not who)]
    chips += [(f"/developers/errors?who={one}", words(f"kit.acts.{one}"), who == one) for one in parties]
    return _page(request, "errors", "errors", chips=chips, groups={} if who else of, entries=of.get(who, []))


@router.get("/scopes", dependencies=[READ_BY_ALL])
async def scopes(request: Request) -> Response:
    """Show who may use which operation 权限范围."""
    whole = await _reference(request)
    held = [(scope, whole.with_scope(scope)) for scope in sorted(access.roles.CLIENT_SCOPES)]
    return _page(request, "scopes", "scopes", held=held)


@router.get("/changelog", dependencies=[READ_BY_ALL])
async def changelog(request: Request) -> Response:
    """Show what changed, and what will go 变更记录."""
    return _page(request, "changelog", "changelog", changes=changes.changes(), going=changes.deprecated())


@router.get("/status", dependencies=[READ_BY_ALL])
async def status(request: Request, database: DatabaseIn) -> Response:
    """Show how the city stands 运行状态."""
    found = await standing.standing_of(request.app.state.checks, database)
    versions = (standing.program_version(), request.app.version)
    return _page(request, "status", "status", standing=found, versions=versions, at=database.clock.now())


async def _reference(request: Request) -> Reference:
    """Return the reference, read once; the document is made on a thread, for it takes a while."""
    state = request.app.state
    if getattr(state, "developer_reference", None) is None:
        state.developer_reference = read_reference(await asyncio.to_thread(request.app.openapi))
    found: Reference = state.developer_reference
    return found


def _nothing(request: Request) -> Response:
    return _page(request, "nothing", "", status=404)


def _page(request: Request, template: str, current: str, *, status: int = 200, **values: Any) -> Response:
    words = words_of(request)
    nav = [("/developers", words("developers.nav.start"), template == "start")]
    nav += [
        ("/developers/guide/start", words("developers.begin"), current == "start"),
        ("/developers/guide/own", words("developers.nav.own"), current == "own"),
    ]
    nav += [(f"/developers/{name}", words(f"developers.nav.{name}"), current == name) for name in _LISTS]
    return page(request, f"developers/{template}.html", status=status, nav=nav, **values)
