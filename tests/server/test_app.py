"""The application as it is served: its OpenAPI is complete, its pages need nobody else's network."""

import re
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fixtures.callers import city_of
from fixtures.http import Serve
from guard.surface import problem_faults
from pydantic import BaseModel

from healthcloud import access
from healthcloud.core.db import Database
from healthcloud.core.errors import Conflict
from healthcloud.core.http import needs, needs_nothing, problems
from healthcloud.server.app import RouteUndeclared
from healthcloud.server.reference import every_problem
from healthcloud.web.assets import FOLDER

router = APIRouter(prefix="/things", tags=["things"])


class Full(Conflict):
    """There is no room."""

    code = "test-full"
    zh = "已满。"


class Wish(BaseModel):
    name: str


@router.post("/{thing}", status_code=201, responses=problems(Full), dependencies=[needs("things.make", "things.all")])
async def make(thing: int, wish: Wish) -> Wish:
    """Make a thing."""
    raise Full(detail=f"{thing} {wish.name}")


@router.get("", dependencies=[needs_nothing("anybody may see things")])
async def see() -> list[Wish]:
    """See things."""
    return []


@pytest.fixture
async def client(database: Database, serve: Serve) -> httpx.AsyncClient:
    return await serve(city_of(database, router))


@pytest.fixture
async def schema(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def test_a_route_that_forgot_its_scope_does_not_start(database: Database) -> None:
    forgetful = APIRouter()

    @forgetful.get("/forgotten")
    async def forgotten() -> None: ...

    with pytest.raises(RouteUndeclared, match="GET /api/v1/forgotten"):
        city_of(database, forgetful)


async def test_openapi_names_each_routes_scopes_and_how_to_prove_them(schema: dict[str, Any]) -> None:
    made = schema["paths"]["/api/v1/things/{thing}"]["post"]
    assert made["x-scopes"] == ["things.make", "things.all"]
    assert [next(iter(one)) for one in made["security"]] == ["session", "signedRequest"]
    assert set(schema["components"]["securitySchemes"]) == {"session", "signedRequest"}
    seen = schema["paths"]["/api/v1/things"]["get"]
    assert seen["security"] == []
    assert seen["x-open-because"] == "anybody may see things"
    assert (made["operationId"], made["summary"]) == ("things.make", "Make")


async def test_openapi_lists_every_problem_in_both_languages(schema: dict[str, Any]) -> None:
    responses = schema["paths"]["/api/v1/things/{thing}"]["post"]["responses"]
    codes = {status: response.get("x-problem-codes") for status, response in responses.items()}
    assert codes == {
        "201": None,
        "400": ["malformed"],
        "401": ["unauthenticated", *(kind.code for kind in access.WRONG_PROOFS if kind.status == 401)],
        "403": ["cross-site", "address-not-allowed", "forbidden"],
        "409": ["test-full"],
        "408": ["body-too-slow"],
        "413": ["body-too-large"],
        "415": ["media-type-not-accepted"],
        "422": ["unacceptable"],
        "429": ["quota-exceeded"],
        "500": ["internal-error"],
        "503": ["unavailable", "outcome-unknown"],
    }
    full = responses["409"]["content"]["application/problem+json"]
    assert full["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert full["examples"]["test-full"] == {"$ref": "#/components/examples/test-full"}
    assert schema["components"]["examples"]["test-full"]["value"]["title_zh"] == "已满。"
    assert "There is no room." in responses["409"]["description"]
    assert "HTTPValidationError" not in str(schema)


async def test_every_reference_within_openapi_leads_somewhere(schema: dict[str, Any]) -> None:
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(schema))):
        found = schema
        for step in reference.split("/"):
            found = found[step]


async def test_swagger_ui_asks_nobody_but_us(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert " style=" not in page.text
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sum(path.startswith("/static/") for path in linked) == 7
    for path in linked:
        assert path.startswith(("/static/", "/", "#"))
        assert not path.startswith("//")
        assert not path.startswith("/static/") or (await client.get(path)).status_code == 200


def test_what_is_vendored_names_its_version_and_licence() -> None:
    for folder in (FOLDER / "vendor").iterdir():
        names = {path.name for path in folder.iterdir()}
        assert {"LICENSE", "README.md"} <= names, folder
        assert re.search(r"\d+\.\d+\.\d+", (folder / "README.md").read_text()), folder


async def test_static_files_are_asked_about_each_time_and_cannot_be_escaped(client: httpx.AsyncClient) -> None:
    first = await client.get("/static/api/docs.js")
    again = await client.get("/static/api/docs.js", headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code) == ("no-cache", 304)
    assert (await client.get("/static/%2e%2e/%2e%2e/core/db.py")).status_code == 404


async def test_each_problem_has_a_page_for_people_and_json_for_programs(client: httpx.AsyncClient) -> None:
    assert (await client.get("/problems/unavailable")).json()["code"] == "unavailable"
    page = (await client.get("/problems/unavailable", headers={"Accept": "text/html,*/*"})).text
    assert "系统繁忙" in page
    assert "The service is too busy just now" in page
    assert (await client.get("/problems/nothing-like-that")).status_code == 404
    for kind in every_problem()[::20]:
        assert (await client.get(f"/problems/{kind.code}")).status_code == 200


def test_problems_that_share_a_code_or_say_nothing_are_found() -> None:
    class Twin(Conflict):
        """There is no room."""

        code = "test-full"
        zh = "已满。"

    class Silent(Conflict):
        code = "test-silent"

    faults = problem_faults([Full, Twin, Silent])
    assert len(faults) == 3
    assert "test-full" in faults[0]
    assert "no __doc__" in faults[1]
    assert "no zh" in faults[2]
