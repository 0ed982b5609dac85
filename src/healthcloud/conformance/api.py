"""Conformance over HTTP, in a sandbox only: the city drives the hospital, judges by its own journal, and signs."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
from fastapi import APIRouter
from pydantic import Field, HttpUrl
from starlette.responses import StreamingResponse

from healthcloud import institutions, sandbox
from healthcloud.conformance.chapters import CASES
from healthcloud.conformance.errors import CaseUnknown, FaceNotJudged
from healthcloud.conformance.model import Case, Outcome
from healthcloud.conformance.report import PURPOSES, REPORTS, is_whole, line_of, signed_report
from healthcloud.conformance.running import case_outcomes, chosen_cases
from healthcloud.conformance.seen import FACES, OWN
from healthcloud.conformance.stage import Stage
from healthcloud.core.db import Database
from healthcloud.core.http import DatabaseIn, SettingsIn, Wish, problems

__all__ = ["PURPOSES", "router"]

LINES = "application/x-ndjson"
router = APIRouter(prefix="/sandbox/conformance", include_in_schema=False, dependencies=[sandbox.OPEN])


class RunWish(Wish):
    """What is to be tried: the driver's address, the face; cases, or all; whose calls, or everybody's."""

    driver: HttpUrl
    face: str = Field(OWN, max_length=32)
    cases: list[str] = Field(default_factory=list, max_length=200)
    institution_id: UUID | None = None


@router.get("/cases.json")
async def list_cases() -> list[dict[str, Any]]:
    """List every case."""
    return [
        {"id": one.id, "chapter": one.chapter, "zh": one.zh, "en": one.en, "faces": one.faces, "needs": one.needs}
        for one in CASES
    ]


@router.get("/keys.json")
async def list_keys(database: DatabaseIn) -> list[dict[str, str]]:
    """List the keys this city signs reports with."""
    found = [one.public for one in database.vault.trust_list(REPORTS)]
    return [{"key": one.id, "algorithm": str(one.algorithm), "public": one.pem()} for one in found]


@router.post(
    "/run", response_model=None, responses=problems(CaseUnknown, FaceNotJudged, institutions.InstitutionUnknown)
)
async def run(wish: RunWish, database: DatabaseIn, settings: SettingsIn) -> StreamingResponse:
    """Play the cases: a line of JSON for each as it ends, `{"case"}`, at last `{"file"}`, the signed report."""
    if wish.face not in FACES:
        raise FaceNotJudged(face=wish.face)
    cases = chosen_cases(wish.cases)
    about = {"city": settings.public_url, **await _institution(database, wish.institution_id)}
    lines = _lines(wish, cases, database, sandbox.citizens(settings), about)
    return StreamingResponse(lines, media_type=LINES, headers={"Cache-Control": "no-store"})


async def _lines(
    wish: RunWish,
    cases: tuple[Case, ...],
    database: Database,
    citizens: list[sandbox.Citizen],
    about: dict[str, Any],
) -> AsyncIterator[bytes]:
    began = database.clock.now()
    outcomes: list[Outcome] = []
    async with httpx.AsyncClient(base_url=str(wish.driver), trust_env=False) as driver:
        stage = Stage(database, driver, wish.face, citizens, wish.institution_id)
        async for outcome in case_outcomes(stage, cases):
            outcomes.append(outcome)
            yield _line({"case": line_of(outcome), "of": len(cases)})
    report = _report(wish, stage, outcomes, began) | about
    yield _line({"file": signed_report(database.vault, report)})


def _report(wish: RunWish, stage: Stage, outcomes: list[Outcome], began: datetime) -> dict[str, Any]:
    return {
        "driver": str(wish.driver),
        "face": wish.face,
        "began": began.isoformat(),
        "ended": stage.database.clock.now().isoformat(),
        "is_complete": len(outcomes) == len(CASES),
        "is_passed": is_whole(outcomes) and len(outcomes) == len(CASES),
        "cases": [line_of(one) for one in outcomes],
        "calls": stage.calls,
    }


async def _institution(database: Database, institution_id: UUID | None) -> dict[str, Any]:
    """Return whom a report is of: its id here, the outside numbers it has anywhere. Raises InstitutionUnknown."""
    if institution_id is None:
        return {"institution": None, "institution_numbers": []}
    async with database.read() as read:
        one = await institutions.institution(read, institution_id)
        numbers = await institutions.numbers_of(read, institution_id)
    told = [{"kind": str(number.kind), "number": number.number} for number in numbers]
    return {"institution": str(one.id), "institution_numbers": told}


def _line(told: dict[str, Any]) -> bytes:
    return msgspec.json.encode(told) + b"\n"
