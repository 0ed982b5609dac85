"""Every call of the client leads to a route, and what it sends and reads is of the shapes that route declares."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from sdk.drift import Document

from healthcloud import cards as ours
from healthcloud.core.http import HotEndpoint
from healthcloud.core.settings import Settings
from healthcloud.server import app
from healthcloud_sdk import Call, cards, encounters, imports, people, records, station

if TYPE_CHECKING:
    from healthcloud.core.caller import Authenticator, Credentials
    from healthcloud.core.db import Database

ID = UUID(int=1)
AT = datetime(2026, 11, 23, tzinfo=UTC)
DOCUMENT = people.Document("01", "370402190001010015")
# Each call, what it sends and what it reads; None where there is none.
CALLS: list[tuple[Call[Any], Any, Any]] = [
    (cards.verify("x"), cards.VerifyWish, cards.Verified),
    (cards.verify_batch(["x"]), cards.BatchWish, cards.BatchVerified),
    (cards.open_card(cards.ApplyWish(ID)), cards.ApplyWish, cards.Applied),
    (cards.tell_late_uses([cards.LateUse(ID, AT, "x", "valid")]), cards.LateWishes, cards.LateResults),
    (cards.report_uses([cards.UseReport("r", "x", "010101", AT)]), cards.UseReports, cards.ReportResults),
    (encounters.tell([encounters.Encounter("V1")]), encounters.Encounters, encounters.ToldAll),
    (encounters.find("V1"), encounters.VisitNumber, encounters.Visit),
    (people.register(people.Registration("张三", documents=(DOCUMENT,))), people.Registration, people.Registered),
    (people.find(DOCUMENT), people.Document, people.Found),
    (people.find_by_phone("13900000000"), people.Phone, tuple[people.Found, ...]),
    (people.open_person(ID, "x"), people.Opening, people.Person),
    (people.link_number(ID, "P1"), people.Number, None),
    (people.unlink_number(ID, "P1"), people.Number, None),
    (people.owner_of_number("P1"), people.Number, people.Owner),
    (people.numbers_of(ID), None, tuple[people.NumberLine, ...]),
    (records.submit([records.Record("P1")]), records.Records, records.PlacedAll),
    (records.standing("P1"), records.LocalNumber, records.Standing),
    (imports.announce(imports.File("a.csv", 1, "0" * 64)), imports.File, imports.Import),
    (imports.show(ID), None, imports.Import),
    (imports.arrived(ID), None, tuple[int, ...]),
    (imports.send_piece(ID, 0, b"x"), None, None),
    (imports.complete(ID), None, imports.Import),
    (imports.preview(ID), None, imports.Preview),
    (imports.map_columns(ID, {"name": 0}), imports.Columns, imports.Import),
    (imports.try_out(ID), None, imports.Import),
    (imports.start(ID), None, imports.Import),
    (imports.pause(ID), None, imports.Import),
    (imports.cancel(ID), None, imports.Import),
    (imports.rejected(ID), None, None),
    (imports.answers(ID), None, None),
    (station.who_am_i(), None, station.SignedIn),
]


@pytest.fixture(scope="module")
def document() -> Document:
    nobody = cast("Authenticator", object())
    hot = [HotEndpoint(one, _unasked, Settings()) for one in ours.HOT_DOCUMENTS]
    return Document(app.create_app(Settings(), cast("Database", object()), nobody, hot=hot).api.openapi())


async def _unasked(_: "Credentials") -> bytes:
    raise AssertionError


def content(body: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = body["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(("call", "sends", "reads"), CALLS, ids=lambda one: getattr(one, "path", ""))
def test_what_is_sent_and_read_is_what_the_route_declares(
    document: Document, call: Call[Any], sends: Any, reads: Any
) -> None:
    operation = document.operation(call.method, call.path)
    assert operation is not None, call.path
    faults: list[str] = []
    if sends is not None:
        faults += document.faults(sends, content(operation["requestBody"]), sent=True)
    if reads is not None:
        success = next(one for status, one in operation["responses"].items() if status.startswith("2"))
        faults += document.faults(reads, content(success), sent=False)
    assert faults == []
    needs_key = any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    assert bool(call.once) is needs_key


@dataclass(frozen=True)
class Owner:
    """One field too few, one too many, one of another type."""

    person_id: int
    nickname: str


def test_the_comparison_can_fail(document: Document) -> None:
    schema = {"$ref": "#/components/schemas/FoundShown"}
    told = list(document.faults(Owner, schema, sent=False))
    assert ".nickname: only ours" in told
    assert ".birth_year: only theirs" in told
    assert any(one.startswith(".person_id:") for one in told)
    assert document.operation("GET", "/api/v1/nowhere") is None
