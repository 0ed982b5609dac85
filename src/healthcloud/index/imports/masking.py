"""Rows as people are shown them before a mapping is confirmed: enough to see what a column holds, not whose. Pure."""

import re

from healthcloud.index.imports.columns import Field, Mapping
from healthcloud.index.imports.table import RawRow

_KEPT_WHOLE = frozenset({Field.SEX, Field.DOCUMENT_KIND, Field.ETHNICITY, Field.NATIONALITY, Field.INSTITUTION})
_SHOWN = 24
_YEAR = re.compile(r"(?:18|19|20)\d\d(?=[-/.年]?\d)", re.ASCII)


def masked_row(row: RawRow, mapping: Mapping) -> RawRow:
    """Return a row of which what tells nobody apart is shown whole, of dates the year, of the rest the ends."""
    whole = {mapping.place(field) for field in _KEPT_WHOLE}
    dates = mapping.place(Field.BIRTH_DATE)
    cells = tuple(
        _cut(cell) if place in whole else masked_date(cell) if place == dates else masked(cell)
        for place, cell in enumerate(row.cells)
    )
    return RawRow(row.n, cells, row.flaw, row.numeric, row.formulas)


def masked(cell: str) -> str:
    """Mask a cell (脱敏): the first sign stays, of five or more the last too, and signs that part."""
    text = _cut(cell)
    last = len(text) - 1
    return "".join(
        sign if not sign.isalnum() or place == 0 or (place == last and last > 3) else "*"  # noqa: PLR2004 - of five
        for place, sign in enumerate(text)
    )


def masked_date(cell: str) -> str:
    """Mask a date but for its year; what is none as any cell."""
    text = _cut(cell)
    year = _YEAR.match(text)
    return text[:4] + re.sub(r"\d", "*", text[4:]) if year else masked(text)


def _cut(cell: str) -> str:
    return cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"
