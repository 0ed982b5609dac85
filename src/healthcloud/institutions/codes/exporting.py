"""Writing a version of a code set out as CSV that its import takes back unchanged."""

import csv
from typing import TextIO

from healthcloud.core.cells import guarded
from healthcloud.core.db import Read
from healthcloud.institutions.codes import store
from healthcloud.institutions.codes.model import CodeSet

PAGE = 5000


async def export_codes(read: Read, one: CodeSet, out: TextIO) -> int:
    """Write a version's codes, no cell of which a spreadsheet takes for a formula; return how many."""
    further = await store.attribute_names(read, one.name, one.version)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "name_en", "parent", *map(guarded, further)])
    count, after = 0, ""
    while page := await store.codes_after(read, one.name, one.version, after, PAGE):
        for code in page:
            cells = [code.code, code.label, code.label_en or "", code.parent or ""]
            writer.writerow(map(guarded, [*cells, *(code.attributes.get(name, "") for name in further)]))
        count, after = count + len(page), page[-1].code
    return count
