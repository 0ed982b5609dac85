"""The report of a run: a table for people, JSON for programs, and the figures of docs/reference/performance.md."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import msgspec

from bench.machine import Machine
from bench.row import Row

BEGIN, END = "<!-- figures: written by python -m bench --document -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, on what, on which day and commit."""

    machine: Machine
    day: date
    commit: str
    rows: tuple[Row, ...]


def write_json(report: Report, path: Path) -> None:
    """Write the report for programs."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(asdict(report))) + b"\n")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | promised | found | kept | p50 / p95 / p99 ms | beside |", "|---|---|---|---|---|---|"]
    for row in rows:
        times = " / ".join(f"{one:.1f}" for one in (row.p50, row.p95, row.p99) if one is not None) or "–"
        kept = "–" if row.promise.startswith("for comparison") else "yes" if row.kept else "**no**"
        lines.append(f"| {row.name} | {row.promise} | {row.found} | {kept} | {times} | {row.beside or '–'} |")
    return "\n".join(lines)


def document(report: Report, path: Path) -> None:
    """Write the figures into the page, between its two marks."""
    before, _, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    told = [f"Measured on {report.day} at {report.commit}: {report.machine.sentence()}.", "", table(report.rows), ""]
    for row in report.rows:
        checked = f" {row.checked}." if row.checked else ""
        told.append(f"- {row.name}: `{row.command}`, {row.data}.{checked}")
    path.write_text(f"{before}{BEGIN}\n\n" + "\n".join(told) + f"\n\n{END}{after}")
