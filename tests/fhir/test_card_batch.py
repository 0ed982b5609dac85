"""The card platform's batch registration: each row comes back with its person and card, or with its problem."""

from typing import Any

from fixtures.fhir_desk import Desk
from people.makers import next_name, next_number

PATH = "/api/v1/cards/register-batch"


async def _batch(desk: Desk, *rows: dict[str, str], status: int = 200) -> Any:
    answer = await desk.city.town.http.post(PATH, json={"rows": rows}, headers=desk.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def _row(number: str, name: str, document: str | None = None) -> dict[str, str]:
    row = {"number": number, "name": name, "sex": "0", "birth_date": "1900-01-01"}
    return row | ({"document_kind": "01", "document_number": document} if document else {})


async def test_the_certain_get_a_card_made_ahead_and_the_same_again_changes_nothing(desk: Desk) -> None:
    name, document = next_name(), next_number()
    row = {"number": "K-1", "name": name, "document_number": document}
    first = (await _batch(desk, row))["results"][0]
    assert (first["outcome"], first["card"]["status"], len(first["card"]["card_id"])) == ("new", 4, 64)
    again = (await _batch(desk, row))["results"][0]
    assert again == first | {"outcome": "unchanged"}


async def test_who_holds_a_card_comes_back_with_it(desk: Desk, there: Desk) -> None:
    name, document = next_name(), next_number()
    first = (await _batch(desk, {"number": "K-2", "name": name, "document_number": document}))["results"][0]
    second = (await _batch(there, {"number": "L-2", "name": name, "document_number": document}))["results"][0]
    assert (second["outcome"], second["person_id"], second["card"]) == ("linked", first["person_id"], first["card"])


async def test_each_row_answers_for_itself(desk: Desk) -> None:
    certain, uncertain = _row("K-3", next_name()), _row("K-4", next_name())
    certain["document_number"] = next_number()
    del certain["birth_date"]
    unreadable = {"number": "K-5", "name": ""}
    told = (await _batch(desk, certain, uncertain, unreadable))["results"]
    assert [one["number"] for one in told] == ["K-3", "K-4", "K-5"]
    assert told[0]["card"]["status"] == 4
    assert (told[1]["card"], told[1]["problem"]) == (None, None)
    assert (told[2]["outcome"], told[2]["problem"]["code"]) == ("refused", "index-record-unreadable")


async def test_sixteen_rows_are_too_many(desk: Desk) -> None:
    rows = [_row(f"K-{n}", next_name()) for n in range(16)]
    assert (await _batch(desk, *rows, status=422))["code"] == "unacceptable"
