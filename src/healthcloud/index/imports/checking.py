"""Reading portions under the mapping: what each row says, and which local numbers contradict themselves in the file."""

from collections.abc import Sequence
from datetime import date

import msgspec

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.index.imports import store
from healthcloud.index.imports.columns import TITLES, Field
from healthcloud.index.imports.model import Import
from healthcloud.index.imports.own import Own
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.portions.store import Print
from healthcloud.index.imports.reads import own_of, rows_of
from healthcloud.index.imports.rows import ReadRow, Reason, fault, read_row, twice
from healthcloud.index.matching import features_of, read_content
from healthcloud.index.model import PRINT

_ENCODER = msgspec.json.Encoder()
_PRINT_BYTES = 8


class Reader:
    """Reads the rows of one import."""

    def __init__(self, one: Import, own: Own, today: date) -> None:
        self._one = one
        self._own = own
        self._today = today

    @classmethod
    async def of(cls, database: Database, one: Import) -> "Reader":
        """Make one ready."""
        async with database.read() as read:
            return cls(one, await own_of(read, one.institution_id), read.clock.now().astimezone(SHANGHAI).date())

    async def portion(self, read: Read, n: int) -> list[ReadRow]:
        """Return the rows of a portion, each with the reasons for which it is rejected, if there are any."""
        mapping = self._one.columns
        if mapping is None:
            return []
        return [self._checked(read_row(row, mapping, self._own)) for row in await rows_of(read, self._one, n)]

    def _checked(self, row: ReadRow) -> ReadRow:
        if row.reasons:
            return row
        try:
            content = read_content(row.written, self._today)
        except Unacceptable as problem:
            return ReadRow(row.n, row.number, row.written, tuple(map(reason_of, problem.faults)))
        if content.birth_date is None and features_of(content).birth is None:
            return ReadRow(row.n, row.number, row.written, (fault(Field.BIRTH_DATE, "missing"),))
        return row

    async def check(self, tx: Transaction, n: int) -> list[ReadRow]:
        """Note the local numbers of a portion, once; return its rows."""
        rows = await self.portion(tx, n)
        if await store.set_checked(tx, self._one.id, n):
            await portions.add_prints(tx, self._one.id, [print_of(tx.vault, row) for row in rows if not row.reasons])
        return rows

    async def settled(self, read: Read, rows: Sequence[ReadRow]) -> list[ReadRow]:
        """Return rows with those rejected whose local number stands elsewhere in the file saying something else."""
        prints = {row.n: print_of(read.vault, row) for row in rows if not row.reasons}
        if not prints:
            return list(rows)
        found = await portions.contradictions(read, self._one.id, sorted({one.number for one in prints.values()}))
        lines: dict[int, list[int]] = {}
        for one in found:
            lines.setdefault(one.number, []).append(one.line)
        return [
            ReadRow(row.n, row.number, row.written, (twice([line for line in elsewhere if line != row.n]),))
            if row.n in prints and (elsewhere := lines.get(prints[row.n].number))
            else row
            for row in rows
        ]


def print_of(vault: Vault, row: ReadRow) -> Print:
    """Return the fingerprints of a row's number and content."""
    number = vault.fingerprint(PRINT, row.number)
    content = vault.fingerprint(PRINT, _ENCODER.encode(row.written).decode())
    return Print(_signed(number), row.n, _signed(content))


def _signed(fingerprint: bytes) -> int:
    return int.from_bytes(fingerprint[:_PRINT_BYTES], "big", signed=True)


def reason_of(wrong: FieldFault) -> Reason:
    """Return a fault of a field as a reason, with the column's title before it."""
    name = wrong.pointer.rpartition("/")[2]
    field = next((one for one in Field if one.value == name), Field.LOCAL_NUMBER)
    zh, en = TITLES[field]
    return Reason("field", f"{zh}：{wrong.zh}", f"{en} {wrong.en}", field.value)
