"""
Handing a patient file in, step by step; each step is allowed in some states only (ImportNotReady).

begin → put_piece … → complete → (read by a job) → choose_columns → [try_out] → start → (run by a job) → done.
Without `in_background` no job is made: whoever asks does that work here, as the command line does.
"""

from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.background import Priority, enqueue
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable, Unavailable
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.imports import store
from healthcloud.index.imports.columns import Mapping
from healthcloud.index.imports.errors import FileIncomplete, ImportForgotten, TooManyImports
from healthcloud.index.imports.model import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_OPEN,
    MOST_PIECE,
    MOST_PIECES,
    Import,
    NewImport,
    State,
    check_mapping,
    must_be,
    piece_place,
)
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.reads import shape_of, visible
from healthcloud.index.imports.wish import ImportWish, institution_of
from healthcloud.index.model import IMPORTED

READ, TRY, RUN = "index.import-read", "index.import-try", "index.import-run"


async def begin(tx: Transaction, caller: Caller, wish: ImportWish) -> Import:
    """
    Announce a file (scope index.import): its name, size and SHA-256, for one's own institution or, by the city, any.

    A file that was announced before is the same import, wherever it stands, unless that was cancelled, failed or
    forgotten.
    """
    institution_id = institution_of(caller, wish.institution_id)
    one = _new(tx, caller, wish, institution_id)
    found = await store.import_of_file(tx, institution_id, wish.digest)
    if found is not None:
        return found
    if await store.count_open(tx, institution_id) >= MOST_OPEN:
        raise TooManyImports(most=MOST_OPEN)
    if await store.add_import(tx, one) is None:
        raise Unavailable(retry_after=1)  # a twin was faster: it is found when this is asked again
    await audit.record(tx, caller, deeds.IMPORT_BEGUN, one.id, detail={"sha256": wish.digest.hex(), "bytes": wish.size})
    return await visible(tx, caller, one.id)


def _new(tx: Transaction, caller: Caller, wish: ImportWish, institution_id: UUID) -> NewImport:
    faults = []
    name = " ".join(wish.name.replace("\\", "/").rpartition("/")[2].split())[-LONGEST_NAME:]
    if not name:
        faults.append(FieldFault("#/name", f"must have 1–{LONGEST_NAME} characters", f"应为 1–{LONGEST_NAME} 字"))
    if not 1 <= wish.size <= MOST_BYTES:
        faults.append(FieldFault("#/size", f"must be 1–{MOST_BYTES} bytes", f"应为 1–{MOST_BYTES} 字节"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
    return NewImport(
        new_id(),
        institution_id,
        caller.account_id,
        caller.kind,
        name,
        wish.size,
        wish.digest,
        State.RECEIVING,
        tx.clock.now(),
    )


async def put_piece(tx: Transaction, caller: Caller, import_id: UUID, n: int, piece: bytes) -> None:
    """Take the piece of this number, from 0, at most MOST_PIECE bytes; the same number again replaces it."""
    one = await _held(tx, caller, import_id, "receive")
    if not 1 <= len(piece) <= MOST_PIECE or not 0 <= n < MOST_PIECES:
        raise Unacceptable(
            faults=(FieldFault("#", f"must be 1–{MOST_PIECE} bytes, from number 0 on", f"应为 1–{MOST_PIECE} 字节"),)
        )
    there = await portions.arrived(tx, import_id)
    if there is not None and there.size + len(piece) > one.size + MOST_PIECE:
        raise FileIncomplete(bytes=there.size, announced=one.size)
    await portions.put_piece(tx, import_id, n, len(piece), tx.vault.seal(IMPORTED, piece_place(import_id, n), piece))


async def complete(tx: Transaction, caller: Caller, import_id: UUID, *, in_background: bool = True) -> Import:
    """Have the file read, now that all of it is there; raise FileIncomplete. Its digest is compared by the reading."""
    one = await _held(tx, caller, import_id, "receive")
    there = await portions.arrived(tx, import_id)
    if there is None or there.size != one.size or there.pieces != there.last + 1:
        raise FileIncomplete(bytes=there.size if there else 0, announced=one.size)
    await store.set_state(tx, import_id, State.READING, None)
    if in_background:
        await enqueue(tx, READ, {"import": str(import_id)}, priority=Priority.BULK)
    return await visible(tx, caller, import_id)


async def choose_columns(tx: Transaction, caller: Caller, import_id: UUID, mapping: Mapping) -> Import:
    """Say which column holds what; raise MappingWrong. A dry run under another mapping is forgotten."""
    one = await _held(tx, caller, import_id, "map")
    checked = check_mapping(mapping, await shape_of(tx, one))
    if one.columns != checked:
        await portions.forget_prints(tx, import_id)
        await store.set_mapping(tx, import_id, msgspec.json.encode(checked).decode())
    return await visible(tx, caller, import_id)


async def try_out(tx: Transaction, caller: Caller, import_id: UUID, *, in_background: bool = True) -> Import:
    """Have a dry run made: every row is read, a sample is decided on, nothing but the report is written."""
    await _held(tx, caller, import_id, "try")
    await store.set_state(tx, import_id, State.TRYING, None)
    if in_background:
        await enqueue(tx, TRY, {"import": str(import_id)}, priority=Priority.BULK)
    return await visible(tx, caller, import_id)


async def start(tx: Transaction, caller: Caller, import_id: UUID, *, in_background: bool = True) -> Import:
    """Have the rows handed to the index, some hundreds at a time; one that was paused goes on."""
    one = await _held(tx, caller, import_id, "start")
    await store.set_started(tx, import_id, State.RUNNING, tx.clock.now())
    await audit.record(tx, caller, deeds.IMPORT_STARTED, import_id, detail={"rows": one.rows})
    if in_background:
        await enqueue(tx, RUN, {"import": str(import_id)}, priority=Priority.BULK)
    return await visible(tx, caller, import_id)


async def pause(tx: Transaction, caller: Caller, import_id: UUID) -> Import:
    """Have it rest after the rows that are being worked; `start` goes on."""
    await _held(tx, caller, import_id, "pause")
    await store.set_state(tx, import_id, State.PAUSED, None)
    return await visible(tx, caller, import_id)


async def cancel(tx: Transaction, caller: Caller, import_id: UUID) -> Import:
    """End it: rows that were worked stay as they are and can be answered; the others are left alone."""
    await _held(tx, caller, import_id, "cancel")
    await store.set_state(tx, import_id, State.CANCELLED, tx.clock.now())
    await audit.record(tx, caller, deeds.IMPORT_CANCELLED, import_id)
    return await visible(tx, caller, import_id)


async def _held(tx: Transaction, caller: Caller, import_id: UUID, step: str) -> Import:
    """Return an import at a step that may follow, held until this transaction ends."""
    await visible(tx, caller, import_id)
    one = await store.lock_import(tx, import_id)
    if one is None or one.forgotten_at is not None:
        raise ImportForgotten
    must_be(one.state, step)
    return one
