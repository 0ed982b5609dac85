"""Mappings as a spreadsheet: CSV in UTF-8 or GB18030, its columns named in English or Chinese; pure."""

import csv
import io
from collections.abc import Iterable, Iterator

from healthcloud.core.cells import guarded, unguarded
from healthcloud.institutions.dictionaries.errors import MappingSheetUnreadable
from healthcloud.institutions.dictionaries.model import Mapping, MappingWish

_NAMES = {
    "theirs": {"theirs", "本院编码", "医院编码", "院内编码"},
    "ours": {"ours", "标准编码", "平台编码", "城市编码"},
    "label": {"label", "名称", "本院名称"},
    "answer": {"answer", "回传", "是否回传"},
}
_YES, _NO = {"1", "yes", "y", "true", "是"}, {"0", "no", "n", "false", "否"}
MOST_LINES = 5000


def read_sheet(content: bytes) -> Iterator[tuple[int, MappingWish]]:
    """Yield the line and the mapping of each row that is not blank; raise MappingSheetUnreadable."""
    text = _decoded(content)
    first, _, _ = text.partition("\n")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=max(",\t;", key=first.count)))
    except csv.Error:
        raise MappingSheetUnreadable from None
    heads = [cell.strip().casefold() for cell in rows[0]] if rows else []
    places = {what: next((i for i, head in enumerate(heads) if head in names), None) for what, names in _NAMES.items()}
    if places["theirs"] is None or places["ours"] is None or len(rows) > MOST_LINES:
        raise MappingSheetUnreadable
    for line, cells in enumerate(rows[1:], start=2):
        said = {
            what: unguarded(cells[place]).strip() if place is not None and place < len(cells) else ""
            for what, place in places.items()
        }
        if any(said.values()):
            yield line, MappingWish(said["theirs"], said["ours"], said["label"] or None, _answer(said["answer"]))


def write_sheet(mappings: Iterable[Mapping]) -> str:
    """Write mappings as the CSV that `read_sheet` takes back, no cell of which a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["theirs", "ours", "label", "answer"])
    for one in mappings:
        cells = (one.theirs, one.ours, one.label or "", "yes" if one.is_answer else "no")
        writer.writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MappingSheetUnreadable


def _answer(text: str) -> bool | None:
    said = text.casefold()
    return True if said in _YES else False if said in _NO else None
