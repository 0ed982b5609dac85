"""Hostile input, wherever it is put: a 4xx problem, nothing written, nothing said back, and all goes on."""

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cards.scanning import BATCH, VERIFY
from conformance.city import Whole
from conformance.tables import rows_of_every_table
from fixtures.hostile import HOSTILE, TELLTALE
from people.makers import next_name, next_number

from healthcloud.core.ids import new_id

# What counts tries and limits, and remembers deeds, refusals and nonces.
COUNTED = {"access.tries", "access.nonces", "audit.deeds", "audit.unsealed", "cards.fact_tries"}
PRINTED = f"{'A' * 64}:1:::"
JSON = {"Content-Type": "application/json"}
Make = Callable[[str], dict[str, Any]]


def _person(**hostile: object) -> dict[str, Any]:
    return {"name": next_name(), "documents": [{"kind": "01", "number": next_number()}]} | hostile


def _document(**hostile: object) -> dict[str, Any]:
    return {"kind": "01", "number": next_number()} | hostile


def _sign_in(**hostile: object) -> dict[str, Any]:
    return {"login": "nobody", "password": "Some-Words-4711", "code": "123456"} | hostile


POSTS: dict[str, tuple[str, Make]] = {
    "a name": ("/people", lambda text: _person(name=text)),
    "a document's number": ("/people", lambda text: _person(documents=[_document(number=text)])),
    "a document's kind": ("/people", lambda text: _person(documents=[_document(kind=text)])),
    "a phone": ("/people", lambda text: _person(phone=text)),
    "a sex": ("/people", lambda text: _person(sex=text)),
    "a birth date": ("/people", lambda text: _person(birth_date=text)),
    "a field nobody knows": ("/people", lambda text: _person(**{text: 1})),
    "a number looked up": ("/people/lookup", lambda text: _document(number=text)),
    "a phone looked up": ("/people/lookup/phone", lambda text: {"phone": text}),
    "a person id": ("/cards/freeze", lambda text: {"person_id": text}),
    "a card id": ("/cards/aliases", lambda text: {"old_card_id": text, "card_id": "A" * 64}),
    "a login": ("/access/staff-sessions", lambda text: _sign_in(login=text)),
    "a password": ("/access/staff-sessions", lambda text: _sign_in(password=text)),
    "a one-time code": ("/access/staff-sessions", lambda text: _sign_in(code=text)),
    "a phone to text": ("/access/codes", lambda text: {"phone": text}),
    "an invitation": ("/access/enrolments", lambda text: {"token": text, "password": "Some-Words-4711"}),
    "a binding code": ("/terminals/bindings", lambda text: {"code": text}),
    "an institution's class": (
        "/institutions",
        lambda text: {"name": "x", "class_code": text, "ownership_code": "1", "district_code": "370402", "numbers": []},
    ),
}
SCANS: dict[str, tuple[str, Make]] = {
    "a code": (VERIFY, lambda text: {"code": text}),
    "a scene": (VERIFY, lambda text: {"code": "x", "scene": text}),
    "a terminal": (VERIFY, lambda text: {"code": "x", "terminal": text}),
    "a second fact": (
        VERIFY,
        lambda text: {"code": f"{'A' * 64}:1:::", "second_fact": {"kind": "name", "value": text}},
    ),
    "a kind of fact": (VERIFY, lambda text: {"code": f"{'A' * 64}:1:::", "second_fact": {"kind": text}}),
    "a batch's terminal": (BATCH, lambda text: {"codes": ["x"], "terminal": text}),
}
GETS = {
    "an outside number": "/institutions/named?number={text}",
    "a district": "/institutions?district_code={text}",
    "a cursor": "/institutions?cursor={text}",
    "a page's size": "/institutions?limit={text}",
    "an institution": "/institutions/{text}",
    "a code set": "/codes/{text}",
    "one code": "/codes/sex/{text}",
    "a day": "/codes?on={text}",
    "a deed": "/audit/deeds?deed={text}",
    "a line of the audit": "/audit/deeds?cursor={text}",
    "a query nobody knows": "/audit/deeds?{text}={text}",
}


def _staff(city: Whole) -> dict[str, str]:
    return city.town.callers.header(city.caller("staff")) | {"Idempotency-Key": new_id().hex}


def _refused(answer: httpx.Response) -> str:
    """Return what is wrong with an answer that should be a 4xx problem; empty when it is one."""
    if not 400 <= answer.status_code < 500:
        return f"{answer.status_code}: {answer.text[:300]}"
    if answer.headers["content-type"] != "application/problem+json" or TELLTALE in answer.text:
        return answer.text[:300]
    return ""


def _found_nothing(answer: httpx.Response) -> bool:
    """Tell whether an answer is a list of nothing, which a search for nonsense may be."""
    return answer.status_code == 200 and answer.json() in ([], {"items": [], "next": None})


async def _untouched(owner_url: str) -> dict[str, str]:
    tables = await rows_of_every_table(owner_url)
    assert not [table for table, rows in tables.items() if TELLTALE in rows]
    return {table: rows for table, rows in tables.items() if table not in COUNTED}


@pytest.mark.parametrize("where", [*POSTS, *SCANS])
async def test_hostile_text_in_a_body_is_refused(city: Whole, owner_url: str, where: str) -> None:
    before = await _untouched(owner_url)
    faults = {}
    for text in HOSTILE:
        path, make = (POSTS | SCANS)[where]
        if where in SCANS:
            answer = await city.town.signed(city.here, path, make(text))
        else:
            answer = await city.town.http.post(f"/api/v1{path}", json=make(text), headers=_staff(city))
        faults[text[:40]] = _refused(answer)
    assert {text: fault for text, fault in faults.items() if fault} == {}
    assert await _untouched(owner_url) == before


@pytest.mark.parametrize("where", GETS)
async def test_hostile_text_in_an_address_is_refused_or_finds_nothing(city: Whole, owner_url: str, where: str) -> None:
    before = await _untouched(owner_url)
    faults = {}
    for text in HOSTILE[:-1]:  # the longest is more than a request line takes
        address = "/api/v1" + GETS[where].format(text=quote(text, safe=""))
        answer = await city.town.http.get(address, headers=_staff(city))
        faults[text[:40]] = "" if _found_nothing(answer) else _refused(answer)
    assert {text: fault for text, fault in faults.items() if fault} == {}
    assert await _untouched(owner_url) == before


async def test_a_batch_refuses_hostile_codes_one_by_one(city: Whole, owner_url: str) -> None:
    before = await _untouched(owner_url)
    texts = [text for text in HOSTILE if len(text) <= 1024]
    body = {"codes": texts, "terminal": str(city.here.window)}
    answer = await city.town.signed(city.here, BATCH, body)
    assert {one["status"] for one in answer.json()["results"]} == {"refused"}
    assert len(answer.json()["results"]) == len(texts)
    assert TELLTALE not in answer.text
    assert await _untouched(owner_url) == before


MALFORMED: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{", 400),
    "a lone surrogate": (b'{"name": "\\ud800", "documents": []}', 422),
    "a NUL": (b'{"name": "\\u0000"}', 400),
    "not UTF-8": (b'{"name": "\xd5\xc5"}', 400),
    "nested deep": (b'{"name": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
    "a key twice": (b'{"name": "a", "name": "b"}', 400),
    "another type": (b'["name"]', 422),
    "a number for a text": (b'{"name": 5, "documents": []}', 422),
    "a number of 5,000 digits": (b'{"name": ' + b"9" * 5000 + b"}", 400),
    "infinity": (b'{"name": 1e999}', 422),
    "not a number": (b'{"name": NaN}', 422),
    "an object for a text": (b'{"name": {"$ne": null}, "documents": []}', 422),
    "a prototype": (b'{"__proto__": {"admin": true}}', 422),
    "squeezed": (gzip.compress(b'{"name": "a"}'), 400),
    "nothing": (b"", 422),
    "too much": (b'{"name": "' + b"a" * (1 << 20) + b'"}', 413),
}


@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("path", ["/api/v1/people", VERIFY])
async def test_a_body_that_is_no_request_is_refused(city: Whole, owner_url: str, path: str, what: str) -> None:
    before = await _untouched(owner_url)
    body, _ = MALFORMED[what]
    answer = await city.town.http.post(path, content=body, headers=_staff(city) | JSON)
    assert _refused(answer) == ""
    if path != VERIFY:
        assert answer.status_code == MALFORMED[what][1]
    assert await _untouched(owner_url) == before


async def _raw(city: Whole, request: bytes) -> tuple[int, bytes]:
    """Send bytes as they are, past any client's care, and return status and answer."""
    base = httpx.URL(city.url)
    reader, writer = await asyncio.open_connection(base.host, base.port)
    writer.write(request)
    try:
        answer = await asyncio.wait_for(reader.read(1 << 16), 10)
    finally:
        writer.close()
        await writer.wait_closed()
    return int(answer.split(b" ", 2)[1]), answer


PATHS = [
    "/static/../../pyproject.toml",
    "/static/%2e%2e/%2e%2e/pyproject.toml",
    "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/static/..%5c..%5cpyproject.toml",
    "/static/....//....//etc/passwd",
    "/static//etc/passwd",
    "/static/%00",
    "/static/vendor",
    "/problems/..%2f..%2fetc%2fpasswd",
    "/api/v1/codes/..%2f..%2fetc",
    "/api/v1/%2e%2e/%2e%2e/metrics",
]


@pytest.mark.parametrize("path", PATHS)
async def test_no_path_leads_out_of_the_served_folder(city: Whole, path: str) -> None:
    status, answer = await _raw(city, f"GET {path} HTTP/1.1\r\nHost: city\r\nConnection: close\r\n\r\n".encode())
    assert 400 <= status < 500, answer
    assert b"application/problem+json" in answer
    assert b"root:" not in answer
    assert b"[project]" not in answer


async def test_headers_sent_twice_are_taken_for_neither(city: Whole, owner_url: str) -> None:
    before = await _untouched(owner_url)
    body = json.dumps(_person()).encode()
    headers = city.town.callers.header(city.caller("staff"))
    two_keys = [*headers.items(), ("Idempotency-Key", new_id().hex), ("Idempotency-Key", new_id().hex), *JSON.items()]
    answer = await city.town.http.post("/api/v1/people", content=body, headers=two_keys)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-unusable")
    proof = (await city.town.signed(city.here, VERIFY, {"code": "x"})).request.headers["authorization"]
    sent = b'{"code": "x"}'
    for doubled in (
        [("Authorization", proof), ("Authorization", proof)],
        [("Authorization", proof + "," + proof.partition(" ")[2])],
        [("Authorization", proof.partition(",")[0])],
        [("Authorization", proof.replace('signature="', 'signature="A'))],
        [("Authorization", proof + 'signature=""')],
    ):
        answer = await city.town.http.post(VERIFY, content=sent, headers=doubled)
        assert answer.status_code == 401, doubled
        assert answer.json()["code"].startswith("signature-"), answer.text
    assert await _untouched(owner_url) == before


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Bad Header: x",
    ],
)
async def test_a_request_two_readers_would_part_differently_is_refused(city: Whole, head: str) -> None:
    request = f"POST /api/v1/people/lookup HTTP/1.1\r\nHost: city\r\n{head}\r\n\r\n".encode()
    status, _ = await _raw(city, request + b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: city\r\n\r\n")
    assert 400 <= status < 500


async def test_hostile_words_that_are_only_text_stay_text(city: Whole) -> None:
    place = f"/api/v1/institutions/{city.here.id}/departments"
    names = [text for text in HOSTILE[:9] if len(text) < 60]
    for n, name in enumerate(names):
        body = {"code": f"T{n}", "name": name, "standard_code": None}
        added = await city.town.http.post(place, json=body, headers=_staff(city))
        assert added.status_code == 201, added.text
    held = {one["name"] for one in (await city.town.http.get(place)).json()}
    assert held >= set(names)
    assert (await city.town.http.get("/readyz")).status_code == 200
