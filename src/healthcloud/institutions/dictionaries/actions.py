"""What an institution's clerks do with its dictionaries."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault
from healthcloud.institutions import reads as institution_reads
from healthcloud.institutions.deeds import DICTIONARY_CHANGED
from healthcloud.institutions.dictionaries import store
from healthcloud.institutions.dictionaries.editing import MOST_AT_ONCE, faults_of, settle, wish_fault
from healthcloud.institutions.dictionaries.errors import MappingUnknown, MappingWrong
from healthcloud.institutions.dictionaries.model import MappingWish, Rejected, Sheet
from healthcloud.institutions.dictionaries.reads import standard_of
from healthcloud.institutions.dictionaries.sheets import read_sheet
from healthcloud.institutions.dictionaries.shelf import put_away
from healthcloud.institutions.dictionaries.spelling import fold, told
from healthcloud.institutions.rights import may_manage


async def put_mappings(
    tx: Transaction, caller: Caller, institution_id: UUID, set_name: str, wishes: Sequence[MappingWish]
) -> int:
    """
    Add or replace mappings of one dictionary; return how many changed. The same again changes nothing.

    Raises InstitutionUnknown, DictionaryUnknown, MappingWrong with the place of each fault.
    """
    may_manage(caller, institution_id)
    standard = await standard_of(tx, set_name)
    faults = faults_of(wishes, standard)
    if len(wishes) > MOST_AT_ONCE:
        faults = (FieldFault("#/entries", f"holds more than {MOST_AT_ONCE}", f"超过 {MOST_AT_ONCE} 项"),)
    if faults:
        raise MappingWrong(faults=faults)
    return await _put(tx, caller, institution_id, set_name, wishes)


async def _put(
    tx: Transaction, caller: Caller, institution_id: UUID, set_name: str, wishes: Sequence[MappingWish]
) -> int:
    await institution_reads.institution(tx, institution_id)
    await store.next_version(tx, institution_id, tx.clock.now())
    changed = settle(set_name, await store.mappings_in(tx, institution_id, set_name), wishes)
    if changed:
        await store.put_mappings(tx, institution_id, changed)
        known = sorted({told(set_name, wish.theirs) for wish in wishes} | {wish.ours for wish in wishes})
        await store.forget_unmapped(tx, institution_id, set_name, known)
        await audit.record(
            tx, caller, DICTIONARY_CHANGED, institution_id, detail={"set": set_name, "changed": len(changed)}
        )
    put_away(tx.vault, institution_id)
    return len(changed)


async def remove_mapping(tx: Transaction, caller: Caller, institution_id: UUID, set_name: str, theirs: str) -> None:
    """Take a mapping away; the standard reads the value again. Raises DictionaryUnknown, MappingUnknown."""
    may_manage(caller, institution_id)
    await standard_of(tx, set_name)
    await institution_reads.institution(tx, institution_id)
    await store.next_version(tx, institution_id, tx.clock.now())
    if not await store.remove_mapping(tx, institution_id, set_name, fold(theirs)):
        raise MappingUnknown
    put_away(tx.vault, institution_id)
    await audit.record(tx, caller, DICTIONARY_CHANGED, institution_id, detail={"set": set_name, "removed": 1})


async def import_mappings(
    tx: Transaction, caller: Caller, institution_id: UUID, set_name: str, content: bytes
) -> Sheet:
    """
    Take in a CSV of mappings: each good line, and say of each other why not.

    Its columns: theirs, ours, perhaps label and answer. Raises MappingSheetUnreadable, DictionaryUnknown.
    """
    may_manage(caller, institution_id)
    standard = await standard_of(tx, set_name)
    good: list[MappingWish] = []
    rejected: list[Rejected] = []
    meant: dict[str, str] = {}
    for line, wish in read_sheet(content):
        wrong = wish_fault(wish, standard)
        if wrong is not None:
            rejected.append(Rejected(line, f"{wrong[0]} {wrong[1]}", f"{wrong[0]} {wrong[2]}"))
        elif meant.setdefault(fold(wish.theirs), wish.ours) != wish.ours:
            rejected.append(Rejected(line, "theirs was mapped otherwise before", "前面已有不同的对照"))
        else:
            good.append(wish)
    changed = await _put(tx, caller, institution_id, set_name, good) if good else 0
    return Sheet(changed, max(len(good) - changed, 0), tuple(rejected))
