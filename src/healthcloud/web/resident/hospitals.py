"""Hospitals for everybody: by words or pinyin initials, district, level, fever clinic; one with its departments."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.core.paging import page_of
from healthcloud.web.page import page, place_of, words_of
from healthcloud.web.resident.guides import is_elder_word
from healthcloud.web.resident.telling import code_labels

router = APIRouter(prefix="/hospitals", include_in_schema=False)
PUBLIC = "guests may read it; of residents only to themselves"
AT_ONCE = 20
LEVELS = ("3", "2", "1")
FIRST = (-1000, UUID(int=0))
DISTRICT_DIGITS = 6
Text = Annotated[str, Query(max_length=60)]


@router.get("", dependencies=[needs_nothing(PUBLIC)])
async def hospitals(
    request: Request,
    database: DatabaseIn,
    q: Text = "",
    district: Text = "",
    level: Text = "",
    fever: Text = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """List hospitals that fit what is looked for, the highest level first."""
    words = words_of(request)
    known = level if level in LEVELS else ""
    wish = institutions.directory.DirectoryWish(q.strip(), district or None, known or None, fever_clinic=fever == "1")
    after = place_of(cursor, tuple[int, UUID], FIRST)
    async with database.read() as read:
        found = await institutions.directory.search_directory(read, wish, after=after, limit=AT_ONCE + 1)
        districts = await code_labels(read, "division", words)
        levels = await code_labels(read, "hospital-level", words)
    listed = page_of(found, AT_ONCE, lambda one: one.place)
    asked = {"q": q, "district": district, "level": known, "fever": fever}
    return page(
        request,
        "resident/hospitals.html",
        back="/",
        listed=listed.items,
        asked=asked,
        districts=_of_length(districts, DISTRICT_DIGITS),
        district_names=districts,
        level_names=levels,
        levels=LEVELS,
        elder_word=is_elder_word(q),
        more=_address(asked | {"cursor": listed.next}) if listed.next else "",
        chips=_chips(asked),
    )


@router.get("/{institution_id:uuid}", dependencies=[needs_nothing(PUBLIC)])
async def hospital(institution_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Show one hospital: where it is, its telephone, its departments."""
    words = words_of(request)
    async with database.read() as read:
        try:
            one = await institutions.institution(read, institution_id)
        except Problem as problem:
            return page(
                request, "resident/nothing.html", status=problem.status, back="/hospitals", text=words.problem(problem)
            )
        departments = await institutions.departments.departments_of(read, one.id)
        districts = await code_labels(read, "division", words)
        levels = await code_labels(read, "hospital-level", words)
        classes = await code_labels(read, "institution-class", words)
    return page(
        request,
        "resident/hospital.html",
        back="/hospitals",
        one=one,
        departments=[part for part in departments if part.state == "open"],
        district=districts.get(one.district_code, ""),
        level=levels.get(one.level_code or "", ""),
        kind=classes.get(one.class_code, ""),
    )


def _of_length(labels: dict[str, str], digits: int) -> list[tuple[str, str]]:
    return [(code, label) for code, label in labels.items() if len(code) == digits and not code.endswith("00")]


def _chips(asked: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Return address, level and whether it is chosen; the words are the template's."""
    return [(_address(asked | {"level": one}), one, asked["level"] == one) for one in ("", *LEVELS)]


def _address(asked: dict[str, str | None] | dict[str, str]) -> str:
    told = {name: value for name, value in asked.items() if value}
    return f"/hospitals?{urlencode(told)}" if told else "/hospitals"
