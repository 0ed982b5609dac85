"""The report of a run: a table for people, JSON for programs, and the figures of docs/reference/performance.md."""

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
    persons: int = 0

    def found(self, name: str) -> str:
        """Say what was found under this name, with p95 where there is one; a dash where it was not measured."""
        row = next((row for row in self.rows if row.name == name), None)
        if row is None:
            return "–"
        return row.found if row.p95 is None else f"{row.found}; p95 {row.p95:.1f} ms"


def read_json(path: Path) -> Report:
    """Read a report back."""
    return msgspec.json.decode(path.read_bytes(), type=Report)


def write_json(report: Report, path: Path) -> None:
    """Write the report for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(asdict(report))) + b"\n")


def table(report: Report, earlier: Report | None = None) -> str:
    """Return the rows as a Markdown table, with those of an earlier report in a column of their own."""
    heads = ["what", "promised", "found", "kept", "p50 / p95 / p99 ms", "beside"]
    heads += [f"at {earlier.persons:,} persons"] if earlier else []
    lines = [_line(heads), "|---" * len(heads) + "|"]
    for row in report.rows:
        times = " / ".join(f"{one:.1f}" for one in (row.p50, row.p95, row.p99) if one is not None) or "–"
        kept = "–" if row.promise.startswith("for comparison") else "yes" if row.kept else "**no**"
        cells = [row.name, row.promise, row.found, kept, times, row.beside or "–"]
        lines.append(_line(cells + ([earlier.found(row.name)] if earlier else [])))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def document(report: Report, path: Path, earlier: Report | None = None) -> None:
    """Write the figures into the page, between its two marks."""
    before, _, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    told = [
        f"Measured on {report.day} at {report.commit}: {report.machine.sentence()}.",
        "",
        table(report, earlier),
        "",
    ]
    for row in report.rows:
        checked = f" {row.checked}." if row.checked else ""
        told.append(f"- {row.name}: `{row.command}`, {row.data}.{checked}")
    path.write_text(f"{before}{BEGIN}\n\n" + "\n".join(told) + f"\n\n{END}{after}")
