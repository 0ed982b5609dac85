"""Looking at imports: one's own institution's, any for the city's staff (scope index.import)."""

from uuid import UUID

import msgspec

from healthcloud import institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.index.imports import store
from healthcloud.index.imports.columns import propose
from healthcloud.index.imports.errors import ImportForgotten, ImportNotFound
from healthcloud.index.imports.masking import masked_row
from healthcloud.index.imports.model import Import, Preview, must_be, portion_place, shape_place
from healthcloud.index.imports.own import Own
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.rows import Reason, read_row
from healthcloud.index.imports.table import RawRow, Shape
from healthcloud.index.model import IMPORT, IMPORTED

NEWEST = UUID(int=(1 << 128) - 1)
SHOWN = 20
_LOOKED_AT = 200
_SHAPE = msgspec.msgpack.Decoder(Shape)
_ROWS = msgspec.msgpack.Decoder(list[RawRow])
_MOSTLY = 0.5


async def visible(read: Read, caller: Caller, import_id: UUID) -> Import:
    """Return an import; raise ImportNotFound."""
    caller.must(IMPORT)
    found = await store.find_import(read, import_id)
    if found is None or caller.institution_id not in (None, found.institution_id):
        raise ImportNotFound
    return found


async def imports(
    read: Read, caller: Caller, institution_id: UUID | None = None, *, before: UUID = NEWEST, limit: int = 50
) -> list[Import]:
    """Return imports, the newest first: of one's own institution, or for the city's staff of one or all."""
    caller.must(IMPORT)
    return await store.imports(read, caller.institution_id or institution_id, before, limit)


async def arrived(read: Read, caller: Caller, import_id: UUID) -> list[int]:
    """Return the numbers of the pieces that have come, so that an upload broken off can go on."""
    await visible(read, caller, import_id)
    return await portions.numbers_of_pieces(read, import_id)


async def preview(read: Read, caller: Caller, import_id: UUID) -> Preview:
    """Return what the file looks like, which column seems to hold what, and its first rows, masked."""
    one = await visible(read, caller, import_id)
    must_be(one.state, "preview")
    shape = await shape_of(read, one)
    rows = await rows_of(read, one, 0)
    mapping = one.columns or propose(shape, rows[:_LOOKED_AT])
    own = await own_of(read, one.institution_id)
    looked = [(row, read_row(row, mapping, own)) for row in rows[:_LOOKED_AT]]
    return Preview(
        shape,
        mapping,
        one.columns is not None,
        tuple(masked_row(row, mapping) for row, _ in looked[:SHOWN]),
        {row.n: found.reasons for row, found in looked[:SHOWN] if found.reasons},
        _warnings([found.reasons for _, found in looked]),
    )


def _warnings(reasons: list[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """Return the reasons for which most of the first rows would be rejected: the mapping is wrong then, not they."""
    every = [reason for some in reasons for reason in some]
    return tuple(one for one in dict.fromkeys(every) if every.count(one) > len(reasons) * _MOSTLY)


async def shape_of(read: Read, one: Import) -> Shape:
    """Return what an import's file looks like; raise ImportForgotten."""
    sealed = await store.shape(read, one.id)
    if sealed is None:
        raise ImportForgotten
    return _SHAPE.decode(read.vault.open(IMPORTED, shape_place(one.id), sealed))


async def rows_of(read: Read, one: Import, n: int) -> list[RawRow]:
    """Return the rows of a portion; none for one that is not there."""
    found = await portions.portion(read, one.id, n)
    return opened_rows(read, one.id, found) if found is not None else []


def opened_rows(read: Read, import_id: UUID, portion: portions.Portion) -> list[RawRow]:
    """Open the rows of a portion."""
    return _ROWS.decode(read.vault.open(IMPORTED, portion_place(import_id, portion.n), portion.rows_sealed))


async def own_of(read: Read, institution_id: UUID) -> Own:
    """Return what tells whether a text names this institution."""
    institution = await institutions.institution(read, institution_id)
    numbers = await institutions.numbers_of(read, institution_id)
    return Own((institution.name, *(number.number for number in numbers)))
