"""
Handing a file in: by script piece by piece, without script whole, as far as one request goes.

Pieces let a large file through, and an upload that broke off go on where it was.
"""

import hashlib
from collections.abc import Awaitable, Callable
from functools import wraps
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from healthcloud import index
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import institutions_of, uuid_of
from healthcloud.web.console.frame import IMPORTS
from healthcloud.web.console.import_showing import ONE, size_of
from healthcloud.web.console.parts import Field, query
from healthcloud.web.forms import faults_of
from healthcloud.web.once import kept_key
from healthcloud.web.page import file_of, go_to

router = APIRouter()
ROOM = 4096  # of a request's body for what stands around a file
PIECE = (1 << 20) - (1 << 18)
DIGEST_DIGITS = 64


@view(router, IMPORTS, "/new")
async def ask_file(desk: Desk) -> Response:
    """Ask for the file, and of the city's staff for whose patients they are."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    fields = []
    if desk.caller.institution_id is None:
        async with desk.database.read() as read:
            places = await institutions_of(read)
        chosen = values.get("institution_id", "")
        hint = desk.say("institution-hint")
        fields = [Field("institution_id", desk.say("institution"), "select", chosen, hint, options=places)]
    shared = {} if problem is None else kept_key(desk.request)
    return desk.page(
        "console/index/upload.html",
        status=200 if problem is None else problem.status,
        up=IMPORTS.href,
        fields=fields,
        errors=[] if problem is None else faults_of(desk.words, problem),
        announce=f"{IMPORTS.href}/announce",
        most=index.imports.MOST_BYTES,
        most_words=size_of(index.imports.MOST_BYTES),
        small_words=size_of(desk.settings.body_limit_bytes - ROOM),
        **shared,
    )


@view(router, IMPORTS, "/new", "POST")
async def take_file(desk: Desk) -> Response:
    """Take a small file whole."""
    form = desk.form()
    try:
        sent = file_of(desk.request, "file")
        if sent is None:
            raise Unacceptable(faults=(FieldFault("#/file", "must be chosen", "请选择文件"),))
        digest = hashlib.sha256(sent.content).digest()
        wish = index.imports.ImportWish(sent.name, len(sent.content), digest, _institution(desk, form))

        async def act(tx: Transaction) -> UUID:
            one = await index.imports.begin(tx, desk.caller, wish)
            if one.state == index.imports.State.RECEIVING:
                for n, start in enumerate(range(0, len(sent.content), PIECE)):
                    await index.imports.put_piece(tx, desk.caller, one.id, n, sent.content[start : start + PIECE])
                await index.imports.complete(tx, desk.caller, one.id)
            return one.id

        import_id = await desk.transact(act, UUID)
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(f"{IMPORTS.href}/{import_id}", done="uploaded"))


def _institution(desk: Desk, form: dict[str, str]) -> UUID | None:
    return desk.caller.institution_id or uuid_of(form.get("institution_id", ""), "institution_id")


def _to_script(handler: Callable[[Desk], Awaitable[Response]]) -> Callable[[Desk], Awaitable[Response]]:
    """Tell a problem to the page's script, in words, instead of as a page."""

    @wraps(handler)
    async def answering(desk: Desk) -> Response:
        try:
            return await handler(desk)
        except Problem as problem:
            sentence = [desk.words.problem(problem), *desk.words.faults(problem)]
            return JSONResponse({"told": " ".join(sentence)}, problem.status)

    return answering


@view(router, IMPORTS, "/announce", "POST")
@_to_script
async def announce(desk: Desk) -> Response:
    """Announce a file; answer where its pieces go, how large they are, and which have come."""
    form = desk.form()
    size, digest = form.get("size", ""), form.get("digest", "")
    if not size.isdecimal() or len(digest) != DIGEST_DIGITS or not set(digest) <= set("0123456789abcdef"):
        raise Unacceptable(faults=(FieldFault("#/file", "must be chosen", "请选择文件"),))
    wish = index.imports.ImportWish(form.get("name", ""), int(size), bytes.fromhex(digest), _institution(desk, form))
    one = await desk.database.transact(lambda tx: index.imports.begin(tx, desk.caller, wish))
    async with desk.database.read() as read:
        have = await index.imports.arrived(read, desk.caller, one.id)
    is_whole = one.state != index.imports.State.RECEIVING
    return JSONResponse({"href": f"{IMPORTS.href}/{one.id}", "piece": PIECE, "have": have, "whole": is_whole})


@view(router, IMPORTS, ONE + "/pieces/{n:int}", "POST")
@_to_script
async def take_piece(desk: Desk) -> Response:
    """Take a piece of a file."""
    sent, number = file_of(desk.request, "piece"), int(desk.request.path_params["n"])
    content, import_id = b"" if sent is None else sent.content, desk.id("import_id")
    await desk.database.transact(lambda tx: index.imports.put_piece(tx, desk.caller, import_id, number, content))
    return JSONResponse({})


@view(router, IMPORTS, ONE + "/whole", "POST")
@_to_script
async def take_whole(desk: Desk) -> Response:
    """Have a file read whose pieces have all come; again is nothing to do."""
    import_id = desk.id("import_id")

    async def act(tx: Transaction) -> None:
        one = await index.imports.visible(tx, desk.caller, import_id)
        if one.state == index.imports.State.RECEIVING:
            await index.imports.complete(tx, desk.caller, import_id)

    await desk.database.transact(act)
    return JSONResponse({"next": query(f"{IMPORTS.href}/{import_id}", done="uploaded")})
