"""Institutions' programs and their keys: admitted, given keys that roll over, shut out."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, institutions
from healthcloud.core.errors import Problem
from healthcloud.core.paging import page_of
from healthcloud.web.console.client_addresses import addresses_field, addresses_in
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, end_of_day, institutions_of, text_of, uuid_of
from healthcloud.web.console.frame import CLIENTS
from healthcloud.web.console.parts import Action, Cell, Field, Form, Section, Table, Value, at, query
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{client_id:uuid}"
KEY = ONE + "/keys/{key_id:uuid}/revoke"
PAGE = 30
MOST_QUOTA = 100_000
LONGEST_NAME = 60
_SAMPLE = """METHOD=POST
TARGET=/api/v1/cards/verify
TIMESTAMP=$(date +%s)
NONCE=$(openssl rand -hex 16)
HASH=$(openssl dgst -{digest} -hex < body.json | awk '{{print $NF}}')
SECRET=$(printf %s "$KEY_SECRET" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
SIGNATURE=$(printf '%s\\n%s\\n%s\\n%s\\n%s\\n' "$METHOD" "$TARGET" "$TIMESTAMP" "$NONCE" "$HASH" |
  openssl dgst -{digest} -mac HMAC -macopt "hexkey:$SECRET" -binary | base64 -w0)
curl -X "$METHOD" "{url}$TARGET" --data-binary @body.json -H 'Content-Type: application/json' \\
  -H "Authorization: {scheme} key=\\"{key}\\",timestamp=\\"$TIMESTAMP\\",nonce=\\"$NONCE\\",signature=\\"$SIGNATURE\\""
"""
_ALGORITHMS = tuple((one.value, f"key.kind.{one.value}") for one in access.Algorithm)
_DIGESTS = {access.Algorithm.SM3: ("sm3", "HC1-HMAC-SM3"), access.Algorithm.SHA256: ("sha256", "HC1-HMAC-SHA256")}


def sample(url: str, key_id: UUID, algorithm: str) -> str:
    """Return shell lines that sign and send a request with this key, its secret in KEY_SECRET; "" for other kinds."""
    if algorithm not in _DIGESTS:
        return ""
    digest, scheme = _DIGESTS[access.Algorithm(algorithm)]
    return _SAMPLE.format(url=url.rstrip("/"), key=key_id, digest=digest, scheme=scheme)


def _href(client_id: UUID, rest: str = "") -> str:
    return f"{CLIENTS.href}/{client_id}{rest}"


def _state(desk: Desk, ended: bool) -> Cell:  # noqa: FBT001 - the one thing it says
    return Cell(desk.say("state.ended" if ended else "state.live"), tone="quiet" if ended else "ok")


@view(router, CLIENTS)
async def list_clients(desk: Desk) -> Response:
    """List institutions' programs."""
    after, place = desk.after(), desk.asked("institution")
    async with desk.database.read() as read:
        wanted = uuid_of(place, "institution") if place else None
        found = await access.clients.clients_of(read, desk.caller, wanted, after=after, limit=PAGE + 1)
        names = await institutions.names_of(read, {one.institution_id for one in found})
        places = await institutions_of(read)
    page = page_of(found, PAGE, lambda one: (one.id,))
    rows = [
        (
            Cell(one.name, href=_href(one.id)),
            names.get(one.institution_id),
            len(one.scopes),
            one.quota_per_second,
            at(one.created_at),
            _state(desk, one.revoked_at is not None),
        )
        for one in page.items
    ]
    heads = [desk.say(f"head.{name}") for name in ("name", "institution", "scopes", "quota", "created", "state")]
    more = query(desk.path, institution=place, after=page.next) if page.next else ""
    table = Table(desk.say("title"), heads, rows, desk.say("none"), more)
    filters = [
        Field("institution", desk.say("head.institution"), "select", place or "", options=places, required=False)
    ]
    add = Action(f"{CLIENTS.href}/new", desk.say("add"), "act")
    return desk.listed(desk.say("title"), table, filters=filters, actions=[add])


@view(router, CLIENTS, ONE)
async def show_client(desk: Desk) -> Response:
    """Show a program with its keys, never a secret."""
    async with desk.database.read() as read:
        one = await access.clients.client_of(read, desk.caller, desk.id("client_id"))
        keys = await access.clients.keys_of(read, desk.caller, one.id)
        names = await institutions.names_of(read, [one.institution_id])
    live = one.revoked_at is None
    pairs = (
        (desk.say("head.institution"), names.get(one.institution_id)),
        (desk.say("head.scopes"), "；".join(desk.words(f"console-roles.scope.{scope}") for scope in one.scopes)),
        (desk.say("head.quota"), one.quota_per_second),
        (desk.say("head.addresses"), "  ".join(one.addresses) or desk.say("anywhere")),
        (desk.say("head.created"), at(one.created_at)),
        (desk.say("head.state"), _state(desk, not live)),
        (desk.say("id"), Cell(str(one.id), code=True)),
    )
    change = Action(_href(one.id, "/addresses"), desk.say("addresses"))
    actions = [change, Action(_href(one.id, "/revoke"), desk.say("revoke"), "danger")] if live else []
    return desk.detailed(one.name, _keys(desk, one, keys), pairs=pairs, actions=actions, up=CLIENTS.href)


def _keys(desk: Desk, one: access.clients.ClientLine, keys: list[access.clients.KeyLine]) -> Section:
    now = desk.database.clock.now()
    rows = []
    for key in reversed(keys):
        over = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
        away = Cell(desk.say("key.revoke"), href=_href(one.id, f"/keys/{key.id}/revoke"))
        ends = at(key.revoked_at or key.expires_at)
        row = (Cell(str(key.id), code=True), key.algorithm, at(key.created_at), ends, _state(desk, over))
        rows.append((*row, "" if over else away))
    heads = [desk.say(f"key.{name}") for name in ("id", "algorithm", "created", "ends", "state")]
    table = Table(desk.say("key.title"), [*heads, desk.words("console.act")], rows, desk.say("key.none"))
    add = [] if one.revoked_at else [Action(_href(one.id, "/keys/new"), desk.say("key.add"), "act")]
    return Section(desk.say("key.title"), tables=[table], actions=add, about=desk.say("key.about"))


@view(router, CLIENTS, "/new")
async def ask_client(desk: Desk) -> Response:
    """Ask which program is to be admitted."""
    return await _ask(desk, {"quota": str(access.clients.DEFAULT_QUOTA)})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        places = await institutions_of(read)
    fields = [
        Field(
            "institution_id", desk.say("head.institution"), "select", values.get("institution_id", ""), options=places
        ),
        Field(
            "name",
            desk.say("head.name"),
            value=values.get("name", ""),
            hint=desk.say("name-hint"),
            maxlength=60,
        ),
        *(
            Field(
                f"scope.{scope}",
                desk.words(f"console-roles.scope.{scope}"),
                "tick",
                hint=scope,
                required=False,
            )
            for scope in sorted(access.roles.CLIENT_SCOPES)
        ),
        Field("quota", desk.say("head.quota"), value=values.get("quota", ""), maxlength=6),
        addresses_field(desk, values.get("addresses", "")),
    ]
    form = Form(desk.say("add-act"), fields, about=[desk.say("add-about")])
    return desk.to_fill(desk.say("add"), form, up=CLIENTS.href, problem=problem)


@view(router, CLIENTS, "/new", "POST")
async def create_client(desk: Desk) -> Response:
    """Admit a program; it gets its key separately."""
    form = desk.form()
    scopes = [name.removeprefix("scope.") for name in form if name.startswith("scope.")]
    quota = int(form.get("quota", "")) if form.get("quota", "").isdecimal() else 0
    quota = min(max(quota, 1), MOST_QUOTA)
    try:
        institution_id = uuid_of(form.get("institution_id", ""), "institution_id")
        name = text_of(form, "name", LONGEST_NAME)
        made = await desk.transact(
            lambda tx: access.create_client(
                tx,
                desk.caller,
                institution_id,
                name,
                scopes,
                quota_per_second=quota,
                addresses=addresses_in(form),
            ),
            access.clients.NewClient,
        )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(_href(made.client_id), done="created"))


@view(router, CLIENTS, f"{ONE}/keys/new")
async def ask_key(desk: Desk) -> Response:
    """Ask with what a key signs, and until when."""
    return await _ask_key(desk)


async def _ask_key(desk: Desk, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await access.clients.client_of(read, desk.caller, desk.id("client_id"))
    algorithms = [(value, desk.say(word)) for value, word in _ALGORITHMS]
    fields = [
        Field("algorithm", desk.say("key.algorithm"), "choices", access.Algorithm.SM3.value, options=algorithms),
        Field(
            "public_key",
            desk.say("key.public"),
            "area",
            hint=desk.say("key.public-hint"),
            required=False,
            maxlength=1000,
        ),
        Field("until", desk.say("key.until"), "date", hint=desk.say("key.until-hint"), required=False),
        code_field(desk.words),
    ]
    form = Form(desk.say("key.add"), fields, review=[(desk.say("head.name"), one.name)], about=[desk.say("key.about")])
    return desk.to_fill(desk.say("key.add"), form, up=_href(one.id), problem=problem)


@view(router, CLIENTS, f"{ONE}/keys/new", "POST")
async def add_key(desk: Desk) -> Response:
    """Make a key and show its secret, once."""
    client_id, form = desk.id("client_id"), desk.form()
    try:
        chosen = form.get("algorithm", "")
        algorithm = access.Algorithm(chosen) if chosen in set(access.Algorithm) else access.Algorithm.SM3
        until = end_of_day(form.get("until", ""), "until")
        key = await desk.transact_proven(
            lambda tx: access.add_client_key(
                tx,
                desk.caller,
                client_id,
                algorithm=algorithm,
                expires_at=until,
                public_key=form.get("public_key", "").strip(),
            ),
            access.NewKey,
        )
    except Problem as problem:
        return await _ask_key(desk, problem)
    name = key.key_id.hex if algorithm is access.Algorithm.APP_SECRET else str(key.key_id)
    shown = [(desk.say("key.secret"), Cell(key.secret, code=True))] if key.secret else []
    pairs: list[tuple[str, Value]] = [
        (desk.say("key.id"), Cell(name, code=True)),
        *shown,
        (desk.say("key.algorithm"), key.algorithm),
        (desk.say("key.ends"), at(key.expires_at)),
    ]
    helps = sample(desk.settings.public_url, key.key_id, key.algorithm)
    on = Action(_href(client_id), desk.say("key.to-client"))
    return desk.told_once(desk.say("key.made"), pairs, [desk.say("key.made-about")], on=on, helps=helps)


@view(router, CLIENTS, KEY)
async def ask_revocation(desk: Desk) -> Response:
    """Say what revoking a key does."""
    return await _check(desk, "key.revoke")


@view(router, CLIENTS, KEY, "POST")
async def revoke_key(desk: Desk) -> Response:
    """Revoke a key; its next request is refused."""
    client_id, key_id = desk.id("client_id"), desk.id("key_id")
    try:
        await desk.transact_proven(lambda tx: access.revoke_client_key(tx, desk.caller, client_id, key_id), type(None))
    except Problem as problem:
        return await _check(desk, "key.revoke", problem)
    return go_to(query(_href(client_id), done="key-revoked"))


@view(router, CLIENTS, f"{ONE}/revoke")
async def ask_end(desk: Desk) -> Response:
    """Say what shutting a program out does."""
    return await _check(desk, "revoke")


@view(router, CLIENTS, f"{ONE}/revoke", "POST")
async def revoke_client(desk: Desk) -> Response:
    """Shut a program out with all its keys, for good."""
    client_id = desk.id("client_id")
    try:
        await desk.transact_proven(lambda tx: access.revoke_client(tx, desk.caller, client_id), type(None))
    except Problem as problem:
        return await _check(desk, "revoke", problem)
    return go_to(query(_href(client_id), done="revoked"))


async def _check(desk: Desk, what: str, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await access.clients.client_of(read, desk.caller, desk.id("client_id"))
        names = await institutions.names_of(read, [one.institution_id])
    review = [(desk.say("head.institution"), names.get(one.institution_id)), (desk.say("head.name"), one.name)]
    if what == "key.revoke":
        review.append((desk.say("key.id"), str(desk.id("key_id"))))
    form = Form(
        desk.say(what), [code_field(desk.words)], review=review, warning=desk.say(f"{what}-warning"), kind="danger"
    )
    return desk.to_fill(desk.say(what), form, up=_href(one.id), problem=problem)
