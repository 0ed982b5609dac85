"""The live part of the overview, as values for its template and as HTML."""

from typing import Any

from fastapi import Request

from healthcloud import figures
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read
from healthcloud.web.console.figures.pulse import state_of
from healthcloud.web.console.figures.showing import (
    HEIGHT,
    WIDTH,
    bars,
    clock,
    labels_of,
    shares,
    summary_of_days,
    summary_of_hours,
    tile,
)
from healthcloud.web.page import page
from healthcloud.web.wording import Words


async def board(read: Read, caller: Caller, words: Words) -> dict[str, Any]:
    """Return what the live part shows."""
    found, labels = await figures.overview(read, caller), await labels_of(read, words)
    hours = [f"{hour:02}:00" for hour in range(24)]
    days = [f"{one.day:%m-%d}" for one in found.days]
    return {
        "state": state_of(found.standing),
        "as_of": found.standing.as_of,
        "as_of_clock": clock(found.standing.as_of),
        "behind": found.standing.behind,
        "rebuilding": found.standing.rebuilding is not None,
        "tiles": [tile(labels, one) for one in found.readings],
        "hours": bars(found.hours, hours, [name[:2] for name in hours]),
        "days": bars([one.count for one in found.days], days, days),
        "days_summary": summary_of_days(words, [one.count for one in found.days]),
        "plot": (WIDTH, HEIGHT),
        "hours_summary": summary_of_hours(words, found.hours),
        "scenes": shares([(labels.scenes.get(one.key, one.key), one.count, "") for one in found.scenes]),
        "institutions": shares(
            [
                (one.name, one.count, labels.districts.get(one.district_code, one.district_code))
                for one in found.institutions
            ]
        ),
        "districts": [
            (labels.districts.get(one.district_code, one.district_code), one.institutions, one.counting, one.count)
            for one in found.districts
        ],
        "of_city": found.institution_id is None,
    }


async def board_page(request: Request, database: Database, caller: Caller, words: Words) -> tuple[str, str]:
    """Return the live part as HTML, and the name of the state it shows."""
    async with database.read() as read:
        values = await board(read, caller, words)
    made = page(request, "console/figures/board.html", **values)
    return values["state"], bytes(made.body).decode()
