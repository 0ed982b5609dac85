"""Every operation refuses a guest, and whoever holds another scope, before it looks at what was sent."""

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
from conformance.city import Whole

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

FROM_THIS_MACHINE = {"/metrics"}  # open to processes beside it, as these tests are
AT_ONCE = 12


def _scoped(city: Whole) -> Iterator[tuple[str, str, list[str]]]:
    for path, methods in city.document["paths"].items():
        for method, operation in methods.items():
            if operation.get("x-scopes") and path not in FROM_THIS_MACHINE:
                yield method.upper(), path, operation["x-scopes"]


async def _ask_each(
    city: Whole, headers_for: Callable[[list[str]], dict[str, str]]
) -> dict[tuple[str, str], httpx.Response]:
    """Ask every operation that has scopes, with the headers for these; return the answers by method and path."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(method: str, path: str, scopes: list[str]) -> tuple[tuple[str, str], httpx.Response]:
        async with places:
            return (method, path), await _ask(city, method, path, headers_for(scopes))

    return dict(await asyncio.gather(*(one(*each) for each in _scoped(city))))


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
    answers = await _ask_each(city, lambda _: {})
    assert {place: answer.text for place, answer in answers.items() if answer.status_code != 401} == {}
    assert {_code(answer) for answer in answers.values()} == {"unauthenticated"}
    assert len(answers) > 60


@pytest.mark.parametrize("kind", [CallerKind.RESIDENT, CallerKind.STAFF, CallerKind.CLIENT])
async def test_another_scope_does_not_do(city: Whole, kind: CallerKind) -> None:

    def holding_others(scopes: list[str]) -> dict[str, str]:
        held = city.scopes - frozenset(scopes)
        caller = Caller(kind, new_id(), held, person_id=city.holder.person_id, institution_id=city.here.id)
        return city.town.callers.header(caller)

    answers = await _ask_each(city, holding_others)
    assert {place: answer.text for place, answer in answers.items() if answer.status_code != 403} == {}
    assert len(answers) > 60
