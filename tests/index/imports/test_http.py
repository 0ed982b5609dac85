"""The same over HTTP: a file in pieces, step by step, each request safe to repeat."""

import hashlib
from typing import Any
from uuid import UUID

import httpx
from fixtures.callers import city_of
from fixtures.http import Serve
from index.imports.files import hospital, patients, sheet, worked

from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.index import imports
from healthcloud.index.imports.api import router

IMPORTS = "/api/v1/index/imports"
CLERK = {"X-Test-Caller": "7 index.import"}


def once() -> dict[str, str]:
    return CLERK | {"Idempotency-Key": new_id().hex}


async def begun(client: httpx.AsyncClient, institution_id: object, file: bytes) -> dict[str, Any]:
    wish = {"name": "患者.csv", "size": len(file), "sha256": hashlib.sha256(file).hexdigest()}
    answer = await client.post(IMPORTS, json=wish | {"institution_id": str(institution_id)}, headers=once())
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_file_goes_in_by_pieces_and_is_answered(database: Database, serve: Serve) -> None:
    caller = await hospital(database)
    client = await serve(city_of(database, router))
    rows = patients(2)
    rows[1][2] = "雌"
    file = sheet(rows)
    one = await begun(client, caller.institution_id, file)
    place = f"{IMPORTS}/{one['id']}"
    await client.put(f"{place}/pieces/1", content=file[100:], headers=CLERK)
    short = await client.post(f"{place}/complete", headers=once())
    assert (short.status_code, short.json()["code"]) == (409, "index-file-incomplete")
    assert (await client.get(f"{place}/pieces", headers=CLERK)).json() == [1]
    sent = await client.put(f"{place}/pieces/0", content=file[:100], headers=CLERK)
    assert sent.status_code == 204
    assert (await client.post(f"{place}/complete", headers=once())).json()["state"] == "reading"
    early = await client.get(f"{place}/preview", headers=CLERK)
    assert (early.status_code, early.json()["code"]) == (409, "index-import-not-ready")
    await imports.read_file(database, UUID(one["id"]))
    shown = (await client.get(f"{place}/preview", headers=CLERK)).json()
    assert (shown["encoding"], shown["columns"]["name"], shown["rows"][0]["cells"][1]) == ("gb18030", 1, "欧***")
    wrong = await client.put(f"{place}/mapping", json={"columns": {"name": 1}}, headers=CLERK)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "index-mapping-wrong")
    mapped = await client.put(f"{place}/mapping", json={"columns": shown["columns"]}, headers=CLERK)
    assert mapped.json()["state"] == "mapped"
    assert (await client.post(f"{place}/dry-run", headers=once())).json()["state"] == "trying"
    await imports.try_import(database, UUID(one["id"]))
    tried = (await client.get(place, headers=CLERK)).json()
    assert (tried["state"], tried["report"]["rejected"], tried["report"]["outcomes"]) == ("tried", 1, {"new": 1})
    await worked(database, caller, UUID(one["id"]))
    done = (await client.get(place, headers=CLERK)).json()
    assert (done["state"], done["done"], done["new"], done["rejected"]) == ("done", 2, 1, 1)
    back = await client.get(f"{place}/rejected", headers=CLERK)
    assert back.headers["content-type"] == "text/csv; charset=gb18030"
    assert "性别：无法识别 / sex is not understood" in back.content.decode("gb18030")
    told = await client.get(f"{place}/answers", headers=CLERK)
    assert told.content.decode("gb18030").splitlines()[1].startswith("2,P1,新建 new,")
    assert (await begun(client, caller.institution_id, file))["id"] == one["id"]
    listed = await client.get(IMPORTS, params={"institution_id": str(caller.institution_id)}, headers=CLERK)
    assert [item["id"] for item in listed.json()["items"]] == [one["id"]]


async def test_it_is_for_those_with_the_scope(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, router))
    refused = await client.get(IMPORTS, headers={"X-Test-Caller": "7 index.submit"})
    assert refused.status_code == 403
    assert (await client.get(f"{IMPORTS}/{new_id()}", headers=CLERK)).json()["code"] == "index-import-not-found"
    file = b"x" * 2000
    caller = await hospital(database)
    one = await begun(client, caller.institution_id, file)
    place = f"{IMPORTS}/{one['id']}"
    assert (await client.put(f"{place}/pieces/4096", content=file, headers=CLERK)).status_code == 422
    assert (await client.post(f"{place}/start", headers=once())).json()["code"] == "index-import-not-ready"
    assert (await client.post(f"{place}/pause", headers=once())).status_code == 409
    assert (await client.post(f"{place}/cancel", headers=once())).json()["state"] == "cancelled"
