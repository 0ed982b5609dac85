"""Subscriptions: a hospital asks to hear of its patients' changes, and hears ids only, at its registered endpoint."""

import json
from typing import Any
from uuid import UUID

import pytest
from fixtures.fhir_desk import Desk, desk_of
from institutions.entering import MANAGER
from people.makers import next_name, next_number

from healthcloud import exchange, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.ids import new_id
from healthcloud.fhir.subscriptions import NOTICE, REACTIONS
from healthcloud.fhir.subscriptions.model import Subscription, notice_of

TERMS = exchange.outward.endpoints.Terms()
URL = "https://his.example/notices"


@pytest.fixture(scope="module")
async def asking(desk: Desk) -> Desk:
    """The hospital's program, its endpoint registered."""
    wish = exchange.outward.endpoints.EndpointWish(URL, (NOTICE,))
    await desk.city.town.database.transact(
        lambda tx: exchange.outward.endpoints.put_endpoint(tx, SYSTEM, desk.institution_id, wish, TERMS)
    )
    return desk_of(desk.city, desk.institution_id, "index.submit", "people.register", "people.open", "exchange.deliver")


def _wish(**channel: Any) -> dict[str, Any]:
    return {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "院内患者主索引同步",
        "criteria": "Patient?",
        "channel": {"type": "rest-hook", "endpoint": URL} | channel,
    }


async def test_a_hospital_subscribes_once_and_ends_it(asking: Desk) -> None:
    made = (await asking.ask("POST", "/Subscription", _wish(), 201)).json()
    assert (made["status"], made["channel"]) == ("active", {"type": "rest-hook", "endpoint": URL})
    again = (await asking.ask("POST", "/Subscription", _wish(), 200)).json()
    assert again == made
    assert (await asking.ask("GET", f"/Subscription/{made['id']}")).json() == made
    assert (await asking.ask("GET", "/Subscription")).json()["total"] == 1
    await asking.ask("DELETE", f"/Subscription/{made['id']}", None, 204)
    await asking.ask("GET", f"/Subscription/{made['id']}", None, 404)


async def test_what_is_not_offered_is_told(asking: Desk, there: Desk) -> None:
    for wish in (
        _wish(payload="application/fhir+json"),
        _wish(type="email"),
        _wish(endpoint="https://elsewhere.example/"),
        _wish() | {"criteria": "Observation"},
    ):
        await asking.ask("POST", "/Subscription", wish, 422)
    unregistered = desk_of(there.city, there.institution_id, "exchange.deliver")
    await unregistered.ask("POST", "/Subscription", _wish(), 422)


async def test_a_correction_is_noticed_by_id_only(asking: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = next_name()
    made = (await asking.ask("POST", "/Patient", asking.patient("SUB-1", name, next_number()), 201)).json()
    subscription = (await asking.ask("POST", "/Subscription", _wish(), 201)).json()
    person_id = made["link"][0]["other"]["reference"].removeprefix("Patient/")
    sent: list[tuple[Any, ...]] = []

    async def send(_: object, place: object, kind: str, __: str, body: Any, **___: object) -> None:
        sent.append((place, kind, body))

    monkeypatch.setattr(exchange.outward, "send", send)
    event = people.events.PersonCorrected(person_id=UUID(person_id), fields="phone", version=2)
    reaction = next(one for one in REACTIONS if one.event_type is people.events.PersonCorrected)
    handler = reaction.handler
    assert handler is not None
    await asking.city.town.database.transact(lambda tx: handler(tx, event))
    ((place, kind, body),) = sent
    assert (place, kind) == (asking.institution_id, NOTICE)
    references = [one["valueReference"]["reference"] for one in body["parameter"]]
    assert references == [f"Subscription/{subscription['id']}", f"Patient/{made['id']}"]
    assert name not in json.dumps(body, ensure_ascii=False)


def test_a_notice_is_made_of_ids() -> None:
    one = Subscription(new_id(), new_id(), "Patient", URL, "", None, MANAGER.account_id)  # type: ignore[arg-type]  # not looked at
    assert URL not in json.dumps(notice_of(one, new_id()))
