"""A reader's queue: what it scanned with no network, and handing it in."""

from typing import Any

import httpx
from cards.scanning import REGISTRATION, Hospital, Town

from healthcloud.core.ids import new_id

LATE = "/api/v1/cards/uses/late"


def item(town: Town, code: str, at: Hospital | None = None, **changed: Any) -> dict[str, Any]:
    """Keep a scan of now as a reader does."""
    kept = {
        "id": str(new_id()),
        "terminal": str((at or town.here).window),
        "scene": REGISTRATION,
        "scanned_at": town.now.isoformat(),
        "code": code,
        "seen": "valid",
    }
    return kept | changed


async def hand_in(town: Town, *items: dict[str, Any], at: Hospital | None = None) -> httpx.Response:
    return await town.signed(at or town.here, LATE, {"items": list(items)})


async def told(town: Town, *items: dict[str, Any], at: Hospital | None = None) -> list[dict[str, Any]]:
    """Hand items in and return what became of each."""
    answer = await hand_in(town, *items, at=at)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    """Return kept, repeat, or the problem's code of each."""
    return [one["problem"]["code"] if one["outcome"] == "refused" else str(one["outcome"]) for one in results]
