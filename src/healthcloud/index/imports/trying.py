"""
A dry run: every row is read under the mapping, and for a sample the index is asked whose it would be.

The sample is SAMPLE rows spread evenly over the file, so that a file of any size costs about as much. Each is compared
with what the index holds, not with the other rows of the file, and nothing but the report is written.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database, Read
from healthcloud.index.imports import store
from healthcloud.index.imports.checking import Reader
from healthcloud.index.imports.model import EXAMPLES, SAMPLE, Import, Outcome, Report, State
from healthcloud.index.imports.rows import ReadRow
from healthcloud.index.matching import Outcome as Decided
from healthcloud.index.matching import read_content
from healthcloud.index.records.reads import candidates, find_record

_AT_ONCE = 50


@dataclass(slots=True)
class _Found:
    rows: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    sampled: int = 0

    def note(self, row: ReadRow) -> None:
        self.rows += 1
        self.rejected += bool(row.reasons)
        for reason in row.reasons:
            key = f"{reason.code}:{reason.field}"
            self.reasons[key] += 1
            self.titles.setdefault(key, (reason.zh, reason.en))
            self.example(key, row.n)

    def example(self, key: str, n: int) -> None:
        lines = self.examples.setdefault(key, [])
        if len(lines) < EXAMPLES:
            lines.append(n)

    def report(self) -> Report:
        return Report(
            self.rows,
            self.rejected,
            dict(self.reasons.most_common()),
            self.sampled,
            dict(self.outcomes),
            self.examples,
            self.titles,
        )


async def try_import(database: Database, import_id: UUID) -> None:
    """Make the dry run of an import and write its report, unless it was cancelled meanwhile."""
    async with database.read() as read:
        one = await store.find_import(read, import_id)
    if one is None or one.state != State.TRYING:
        return
    reader = await Reader.of(database, one)
    for n in range(one.checked, one.portions):
        await database.transact(lambda tx, n=n: reader.check(tx, n))  # type: ignore[misc]  # mypy can't infer a lambda with defaults
    found = _Found()
    step = max(one.rows // SAMPLE, 1)
    for n in range(one.portions):
        async with database.read() as read:
            rows = await reader.settled(read, await reader.portion(read, n))
        for row in rows:
            found.note(row)
        await _sample(database, one, [row for row in rows if not row.reasons][::step], found)
    report = msgspec.json.encode(found.report()).decode()
    await database.transact(lambda tx: store.set_report(tx, import_id, report))


async def _sample(database: Database, one: Import, rows: list[ReadRow], found: _Found) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        async with database.read() as read:
            for row in rows[first : first + _AT_ONCE]:
                outcome = await _outcome(read, one, row)
                found.outcomes[outcome] += 1
                found.sampled += 1
                found.example(outcome, row.n)


async def _outcome(read: Read, one: Import, row: ReadRow) -> str:
    """Return what would become of a row, as far as what is in the index tells."""
    content = read_content(row.written, read.clock.now().astimezone(SHANGHAI).date())
    there = await find_record(read, one.institution_id, row.number)
    if there is not None and there.content == content:
        return Outcome.UNCHANGED
    decided = {one.decision.outcome for one in await candidates(read, content, 20)}
    if Decided.LINK in decided:
        return Outcome.LINKED
    return Outcome.REVIEW if Decided.REVIEW in decided else Outcome.NEW
