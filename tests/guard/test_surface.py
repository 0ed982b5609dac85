"""Every route, problem, event, deed, setting and metric is complete, in both languages, and in the reference."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import pytest
from fastapi import Depends, FastAPI
from guard import surface
from guard.shape import ROOT

from healthcloud import audit, cards
from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem
from healthcloud.core.events import Event
from healthcloud.core.http import HotEndpoint
from healthcloud.core.settings import Settings
from healthcloud.server import app, wiring
from healthcloud.server.catalogue import every_problem, import_everything
from healthcloud.server.reference import PAGES, write_pages

if TYPE_CHECKING:
    from healthcloud.core.caller import Authenticator
    from healthcloud.core.db import Database

import_everything()
CODES = {kind.code for kind in every_problem()}


@pytest.fixture(scope="module")
def api() -> FastAPI:
    """The whole city, hot endpoints included."""
    nobody = cast("Authenticator", object())
    hot = [HotEndpoint(document, _unasked, Settings()) for document in cards.HOT_DOCUMENTS]
    return app.create_app(Settings(), cast("Database", object()), nobody, hot=hot).api


@pytest.fixture(scope="module")
def schema(api: FastAPI) -> dict[str, Any]:
    """Its OpenAPI document."""
    return api.openapi()


async def _unasked(_: Credentials) -> bytes:
    raise AssertionError


def test_every_operation_states_its_need_and_its_problems(schema: dict[str, Any]) -> None:
    assert surface.operation_faults(schema, CODES) == []
    assert len(schema["paths"]) > 30


def test_nothing_of_a_request_waits_for_a_thread(api: FastAPI) -> None:
    assert surface.thread_faults(api) == []


def test_every_problem_has_one_code_and_two_sentences() -> None:
    assert surface.problem_faults(every_problem()) == []
    assert surface.sentence_faults(every_problem()) == []


def test_every_event_has_a_reaction_or_a_reason() -> None:
    wired = set(wiring.WIRING.reactions_by_event())
    assert surface.event_faults(surface.every_event(), wired) == []
    assert len(wired) > 5


def test_every_deed_written_is_declared_in_both_languages() -> None:
    declared = audit.declared_deeds()
    written = surface.deeds_written()
    assert {name: place for name, place in written.items() if name not in declared} == {}
    assert len(written) > 20
    shy = [kind.name for kind in declared.values() if not surface.CHINESE.search(kind.zh) or not kind.en.strip()]
    assert shy == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_generated_reference_is_current(name: str) -> None:
    # Tests in this process may have declared deeds of their own.
    now = "".join(line for line in PAGES[name]().splitlines(keepends=True) if not line.startswith("| `test."))
    assert (ROOT / "docs" / "reference" / name).read_text() == now, "run make docs"


def test_the_reference_check_can_fail(tmp_path: Path) -> None:
    assert write_pages(tmp_path) != []
    (tmp_path / "problems.md").write_text("old")
    assert [path.name for path in write_pages(tmp_path)] == ["problems.md"]


def test_the_operation_check_can_fail(schema: dict[str, Any]) -> None:
    path, operations = next((p, o) for p, o in schema["paths"].items() if "post" in o)
    sound = operations["post"]
    for harm in (
        {"x-scopes": [], "x-open-because": ""},
        {"summary": ""},
        {"responses": {k: v for k, v in sound["responses"].items() if k != "500"}},
        {"responses": sound["responses"] | {"418": {"description": "茶", "x-problem-codes": ["teapot"]}}},
        {"responses": sound["responses"] | {"409": {"description": "English only", "x-problem-codes": []}}},
    ):
        assert surface.operation_faults({"paths": {path: {"post": sound | harm}}}, CODES)


def test_the_thread_check_can_fail() -> None:
    def slow() -> str:
        return ""

    def slower(_: Annotated[str, Depends(slow)]) -> None: ...

    bad = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    bad.get("/")(slower)
    assert len(surface.thread_faults(bad)) == 2


def test_the_sentence_check_can_fail() -> None:
    class Shy(Problem):
        __doc__ = "no sentence"
        code = "Not_kebab"
        zh = "english"

    assert len(surface.sentence_faults([Shy])) == 3


def test_the_deed_check_can_fail(tmp_path: Path) -> None:
    (tmp_path / "actions.py").write_text('audit.record(tx, caller, "people.invented", subject, detail={"a": "b"})')
    assert set(surface.deeds_written(tmp_path)) == {"people.invented"}


def test_the_event_check_can_fail() -> None:
    class Unheard(Event):
        kind = "test.unheard"

    assert surface.event_faults([Unheard], set())
