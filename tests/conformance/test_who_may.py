"""Every operation refuses a guest, and whoever holds another scope, before it looks at what was sent."""

from collections.abc import Iterator

import httpx
import pytest
from conformance.city import Whole

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

FROM_THIS_MACHINE = {"/metrics"}  # open to processes beside it, as these tests are


def _scoped(city: Whole) -> Iterator[tuple[str, str, list[str]]]:
    for path, methods in city.document["paths"].items():
        for method, operation in methods.items():
            if operation.get("x-scopes") and path not in FROM_THIS_MACHINE:
                yield method.upper(), path, operation["x-scopes"]


async def _ask(city: Whole, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    body: dict[str, object] | None = None if method in {"GET", "DELETE"} else {}
    some = path.format_map(_Ids())
    return await city.town.http.request(method, some, json=body, headers={"Idempotency-Key": new_id().hex} | headers)


class _Ids(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "1" if name == "n" else str(new_id())


def _code(answer: httpx.Response) -> str:
    """Return a problem's code, from an OperationOutcome too."""
    told = answer.json()
    return str(told["issue"][0]["details"]["coding"][0]["code"] if "issue" in told else told["code"])


async def test_a_guest_is_asked_who_they_are(city: Whole) -> None:
    answers = {(method, path): await _ask(city, method, path, {}) for method, path, _ in _scoped(city)}
    assert {place: answer.text for place, answer in answers.items() if answer.status_code != 401} == {}
    assert {_code(answer) for answer in answers.values()} == {"unauthenticated"}
    assert len(answers) > 60


@pytest.mark.parametrize("kind", [CallerKind.RESIDENT, CallerKind.STAFF, CallerKind.CLIENT])
async def test_another_scope_does_not_do(city: Whole, kind: CallerKind) -> None:
    wrong = {}
    for method, path, scopes in _scoped(city):
        held = city.scopes - frozenset(scopes)
        caller = Caller(kind, new_id(), held, person_id=city.holder.person_id, institution_id=city.here.id)
        answer = await _ask(city, method, path, city.town.callers.header(caller))
        if answer.status_code != 403:
            wrong[method, path] = answer.text
    assert wrong == {}
