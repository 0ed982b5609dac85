"""The files as hospitals send them: CSV, each with its own encoding, header and order; and the labels beside."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from healthcloud_simulators.hospital_files.rows import Files, Row


@dataclass(frozen=True, slots=True)
class Form:
    """How a hospital's file looks: its heads by the field they stand for, in order."""

    encoding: str
    heads: dict[str, str]


FORMS = (
    Form(
        "gb18030",
        {
            "local_number": "门诊号",
            "name": "姓名",
            "sex": "性别",
            "birth_date": "出生日期",
            "number": "身份证号",
            "phone": "联系电话",
            "address": "家庭住址",
        },
    ),
    Form(
        "utf-8-sig",
        {
            "name": "病人姓名",
            "local_number": "病历号",
            "number": "证件号码",
            "birth_date": "出生年月日",
            "sex": "性别代码",
            "ethnicity": "民族",
            "address": "现住址",
            "phone": "手机号码",
        },
    ),
)


def write_files(made: Files, folder: Path) -> list[Path]:
    """Write `hospital-1.csv`, `hospital-2.csv` and `labels.csv` (hospital, local number, person) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for place, (rows, form) in enumerate(zip(made.hospitals, FORMS, strict=True), 1):
        lines = [[_field(row, name) for name in form.heads] for row in rows]
        paths.append(_write(folder / f"hospital-{place}.csv", form.encoding, list(form.heads.values()), lines))
    labels = [[str(row.hospital), row.local_number, str(row.person)] for row in made.rows]
    return [*paths, _write(folder / "labels.csv", "utf-8", ["hospital", "local_number", "person"], labels)]


def _field(row: Row, name: str) -> str:
    return row.local_number if name == "local_number" else str(getattr(row.written, name))


def _write(path: Path, encoding: str, head: list[str], lines: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(lines)
    return path
