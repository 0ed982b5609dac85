"""What clients sign to our own interface is kept before its answer leaves; nobody else's is."""

from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from healthcloud import access, exchange
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Unavailable
from healthcloud.core.http import Seen
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app
from healthcloud.server.witness import EvidenceWitness

HOSPITAL = new_id()
PATH = "/api/v1/access/signature"
OPERATOR = Caller(CallerKind.STAFF, new_id(), frozenset({"exchange.evidence"}))


Serve = Callable[[Any], Awaitable[httpx.AsyncClient]]


class Machine:
    """A hospital's program."""

    def __init__(self, database: Database, key: access.NewKey) -> None:
        self._database = database
        self._key = key

    def header(self, method: str, target: str, body: bytes) -> str:
        secret = b64decode(self._key.secret)
        at = int(self._database.clock.now().timestamp())
        return access.sign_request(self._key.key_id, secret, method, target, body, timestamp=at)


@pytest.fixture
async def machine(database: Database) -> Machine:
    made = await database.transact(lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", ["cards.verify"]))
    return Machine(database, await database.transact(lambda tx: access.add_client_key(tx, SYSTEM, made.client_id)))


@pytest.fixture
async def evidence(database: Database) -> AsyncIterator[exchange.Evidence]:
    keeping = exchange.Evidence(database)
    yield keeping
    await keeping.close()


async def client_of(database: Database, serve: Serve, witness: Any) -> httpx.AsyncClient:
    settings = Settings()
    authenticator = access.AccessAuthenticator(database, access.AccessPolicy.of(settings))
    return await serve(create_app(settings, database, authenticator, witness=witness))


async def lines(database: Database, request_id: str) -> list[tuple[str, str, str]]:
    now = database.clock.now()
    wanted = exchange.evidence.Wanted(HOSPITAL, now.replace(year=now.year - 1), now, request_id=request_id)
    found = await database.transact(lambda tx: exchange.evidence.search(tx, OPERATOR, wanted))
    return [(line.face, line.method, line.outcome) for line in found]


async def test_a_signed_request_is_kept_with_its_answer(
    database: Database, serve: Serve, evidence: exchange.Evidence, machine: Machine
) -> None:
    seen: list[Seen] = []

    class Beside(EvidenceWitness):
        async def keep(self, one: Seen) -> None:
            seen.append(one)
            await super().keep(one)

    http = await client_of(database, serve, Beside(evidence, database.clock, scans=True))
    body = b'{"code":"7"}'
    answer = await http.post(
        f"{PATH}?a=1", content=body, headers={"Authorization": machine.header("POST", f"{PATH}?a=1", body)}
    )
    assert answer.status_code == 200
    request_id = answer.headers["x-request-id"]
    assert await lines(database, request_id) == [("api", f"POST {PATH}", "ok")]
    assert (seen[0].request, seen[0].answer, seen[0].target) == (body, answer.content, f"{PATH}?a=1")
    refused = await http.get(
        "/api/v1/audit/deeds", headers={"Authorization": machine.header("GET", "/api/v1/audit/deeds", b"")}
    )
    assert refused.status_code == 403
    assert await lines(database, refused.headers["x-request-id"]) == [("api", "GET /api/v1/audit/deeds", "forbidden")]


async def test_what_nobody_signed_is_not_kept(
    database: Database, serve: Serve, evidence: exchange.Evidence, machine: Machine
) -> None:
    seen: list[Seen] = []

    class Beside(EvidenceWitness):
        async def keep(self, one: Seen) -> None:
            seen.append(one)

    http = await client_of(database, serve, Beside(evidence, database.clock, scans=True))
    assert (await http.get("/problems/forbidden")).status_code == 200
    assert (await http.get(PATH)).status_code == 401
    wrong = await http.post(PATH, content=b"{}", headers={"Authorization": machine.header("POST", PATH, b"other")})
    assert wrong.status_code == 401
    assert seen == []


async def test_no_answer_leaves_without_its_evidence(
    database: Database, serve: Serve, evidence: exchange.Evidence, machine: Machine
) -> None:
    class Full(EvidenceWitness):
        async def keep(self, _: Seen) -> None:
            raise Unavailable(retry_after=1)

    http = await client_of(database, serve, Full(evidence, database.clock, scans=True))
    answer = await http.get(PATH, headers={"Authorization": machine.header("GET", PATH, b"")})
    assert (answer.status_code, answer.json()["code"]) == (503, "outcome-unknown")
    assert (await http.get("/problems/forbidden")).status_code == 200
