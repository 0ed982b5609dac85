"""Many who look for one thing at once share one look; the next who come look anew."""

import asyncio

import pytest

from healthcloud.core.flights import Flights


class Library:
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def look(self, name: str) -> str:
        self.asked.append(name)
        await asyncio.sleep(0.01)
        if name == "lost":
            raise LookupError(name)
        return name.upper()


async def find(flights: Flights[str, str], library: Library, name: str) -> str:
    return await flights.find(name, lambda: library.look(name))


async def test_one_look_for_all_who_ask_meanwhile() -> None:
    flights, library = Flights[str, str](), Library()
    found = await asyncio.gather(*(find(flights, library, name) for name in "aabab"))
    assert found == ["A", "A", "B", "A", "B"]
    assert library.asked == ["a", "b"]
    assert await find(flights, library, "a") == "A"
    assert library.asked == ["a", "b", "a"]


async def test_an_error_is_everybodys_and_the_next_look_is_new() -> None:
    flights, library = Flights[str, str](), Library()
    for _ in range(2):
        told = await asyncio.gather(*(find(flights, library, "lost") for _ in range(3)), return_exceptions=True)
        assert [type(error) for error in told] == [LookupError] * 3
    assert library.asked == ["lost", "lost"]


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    flights, library = Flights[str, str](), Library()
    first = asyncio.create_task(find(flights, library, "a"))
    await asyncio.sleep(0)
    second = asyncio.create_task(find(flights, library, "a"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "A"
    with pytest.raises(asyncio.CancelledError):
        await first
    alone = asyncio.create_task(find(flights, library, "lost"))
    await asyncio.sleep(0)
    alone.cancel()
    await asyncio.sleep(0.02)
    assert library.asked == ["a", "lost"]
