"""The two JavaScript clients hospitals' vendors use, unmodified and pinned: fhir-kit-client and fhirclient."""

import asyncio
import filecmp
import json
import shutil
from pathlib import Path

import pytest
from fixtures.fhir_desk import SCOPES, Desk, desk_of
from people.makers import next_number

pytestmark = pytest.mark.city
PINNED = Path(__file__).parent / "clients"
TOOL = Path(__file__).parents[2] / "var" / "fhir-clients"
DAY = "day.mjs"
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=optional", "--legacy-peer-deps")


async def _run(*command: str, place: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=place, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, error = await asyncio.wait_for(process.communicate(), 180)
    assert process.returncode == 0, error.decode()
    return out.decode()


@pytest.fixture(scope="module")
async def installed() -> Path:
    """The clients of the lock file, installed without running any script of theirs."""
    lock = TOOL / "package-lock.json"
    current = lock.exists() and filecmp.cmp(PINNED / lock.name, lock, shallow=False)
    if not (current and (TOOL / "node_modules" / "fhirclient").exists()):
        shutil.rmtree(TOOL, ignore_errors=True)
        TOOL.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINNED / name, TOOL / name)
        await _run(*INSTALL, place=TOOL)
    shutil.copy(PINNED / DAY, TOOL / DAY)  # Node looks for packages beside the script
    return TOOL


@pytest.mark.parametrize("client", ["kit", "smart"])
async def test_a_hospital_works_through_its_day(desk: Desk, installed: Path, client: str) -> None:
    teller = desk_of(desk.city, desk.institution_id, *SCOPES, "exchange.deliver")
    base, header = f"{desk.city.url}/fhir", next(iter(teller.headers.values()))
    told = await _run("node", DAY, client, base, header, desk.system, next_number(), place=installed)
    assert json.loads(told) == {
        "version": "4.0.1",
        "statuses": ["arrived", "finished", "in-progress", "arrived"],
        "found": [1, True],
        "past": 3,
        "batch": True,
        "missing": [404, "OperationOutcome"],
        "next": "Bundle",
    }
