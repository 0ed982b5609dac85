"""No clear number, name, phone, card id, code or credential stands in a log, a problem, a URL or the database."""

import json
import logging
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog
from conformance.city import Whole
from conformance.journey import NEW_NAME, NEW_PHONE, Day, Journey
from conformance.tables import rows_of_every_table

# Parameters of addresses: ids, codes of published code sets, and pages. None of them can hold a person's data.
HARMLESS = {
    *("account_id", "client_id", "consent_id", "department_id", "grant_id", "institution_id", "key_id", "parent_id"),
    "request_id",
    "resource_id",
    *("held_id", "import_id", "message_id", "patient_id", "question_id", "record_id", "source_id"),
    *("n", "opened_before", "put_off", "version", "weight_from", "weight_to"),
    *("person_id", "phone_id", "practitioner_id", "session_id", "terminal_id", "actor"),
    *("class_code", "district_code", "street_code", "has_fever_clinic", "with_closed", "with_left", "with_retired"),
    *("code", "deed", "kind", "name", "number", "role", "scene", "set_name", "state", "theirs"),
    *("after", "cursor", "digest", "face", "figure", "limit", "method", "on", "outcome", "since", "until"),
}
# Which of them are names and numbers, and whose.
OF_NO_PERSON = {
    "name": {"/api/v1/codes/{name}", "/api/v1/codes/{name}/{code}"},
    "code": {"/api/v1/codes/{name}/{code}", "/problems/{code}"},
    "number": {"/api/v1/institutions/named", "/api/v1/institutions/{institution_id}/numbers/{kind}"},
}


class Heard(logging.Handler):
    """Every log line before the mask, so that the net is not what keeps the rule."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("httpx", "httpcore", "asyncio", "uvicorn.access")):
            self.lines.append(f"{record.name} {record.getMessage()}")

    def hear(self, _logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        self.lines.append(json.dumps(line, default=repr, ensure_ascii=False))
        return line


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    heard, root = Heard(), logging.getLogger()
    before = structlog.get_config()
    places = [getattr(one, "__name__", "") for one in before["processors"]]
    mask = places.index("mask_line")
    structlog.configure(processors=[*before["processors"][:mask], heard.hear, *before["processors"][mask:]])
    root.addHandler(heard)
    yield heard
    root.removeHandler(heard)
    structlog.configure(**before)


@pytest.fixture(scope="module")
async def journey(heard: Heard, city: Whole) -> Journey:
    assert heard.lines is not None
    return await Day(city).live()


def _found(texts: list[str], places: dict[str, str]) -> list[str]:
    """Return where one of these texts stands, as it is or as bytes in hexadecimal."""
    spelled = [form for text in texts for form in (text, text.encode().hex())]
    return [place for place, held in places.items() if any(form in held for form in spelled)]


async def test_no_log_line_tells(heard: Heard, journey: Journey) -> None:
    assert _found(journey.every(), {line: line for line in heard.lines}) == []
    assert len([line for line in heard.lines if '"event": "request"' in line]) > 15


async def test_no_problem_says_back(journey: Journey) -> None:
    bodies = {f"{one.request.url.path} {one.status_code} {one.text}": one.text for one in journey.problems}
    assert _found(journey.every(), bodies) == []
    assert len({one.json()["code"] for one in journey.problems}) > 9


async def test_no_address_tells(city: Whole, journey: Journey) -> None:
    assert _found(journey.every(), {url: url for url in journey.urls}) == []
    for path, methods in city.document["paths"].items():
        names = {one["name"] for operation in methods.values() for one in operation.get("parameters", ())}
        names -= {"Idempotency-Key"}
        assert names <= HARMLESS, path
        assert {name for name in names & OF_NO_PERSON.keys() if path not in OF_NO_PERSON[name]} == set()


async def test_nothing_is_stored_in_clear(owner_url: str, journey: Journey) -> None:
    tables = await rows_of_every_table(owner_url)
    assert _found(journey.every("card"), tables) == []
    # A card id is the key of its own rows, and stands nowhere else: not in deeds, events, jobs or answers kept.
    assert {table.partition(".")[0] for table in _found(journey.clear["card"], tables)} == {"cards"}


async def test_what_is_sealed_opens_for_whoever_may(journey: Journey) -> None:
    opened = journey.opened
    assert (opened["name"], opened["phone"]) == (NEW_NAME, NEW_PHONE)
    assert opened["document_number"] == journey.clear["number"][0]


async def test_the_search_can_fail(owner_url: str, journey: Journey) -> None:
    tables = await rows_of_every_table(owner_url)
    assert {"people.persons", "audit.deeds", "cards.uses", "core.idempotency", "channels.outgoing"} <= tables.keys()
    number = journey.clear["number"][0]
    for held in (f"({number})", f"(\\x00{number.encode().hex()})", json.dumps({"number": number})):
        assert _found([number], {"t": held}) == ["t"]
