"""Two invented hospitals' patient files for trying imports: some of their patients are the city's residents."""

import asyncio
import sys
from pathlib import Path

import msgspec

from healthcloud.server.demonstration.residents import registrations
from healthcloud.server.errors import LoadingFailed

_WITH_RESIDENT_NUMBER = "370401"


async def write_patient_files(folder: Path, rows: int, common: int, residents: int) -> list[Path]:
    """
    Write the files of both hospitals, and who is who (labels.csv), into a folder; return their paths.

    `rows` of both together, `common` persons in both; the first `residents` of the city are among the patients, those
    that have a resident number. Raises LoadingFailed.
    """
    known = b"".join(
        msgspec.json.encode(
            {
                "name": one.name,
                "sex": one.sex,
                "birth_date": one.birth_date,
                "number": one.documents[0].number,
                "phone": one.phone,
                "ethnicity": one.ethnicity,
            }
        )
        + b"\n"
        for one in registrations(0, residents)
        if one.documents[0].number.startswith(_WITH_RESIDENT_NUMBER)
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m"),
        "healthcloud_simulators.hospital_files",
        "--known",
        *("--folder", str(folder), "--rows", str(rows), "--common", str(common)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate(known)
    if process.returncode != 0:
        raise LoadingFailed
    return [Path(line) for line in written.decode().splitlines()]
