"""Looking values up, and looking at dictionaries: the institution's own staff and the city's."""

from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.institutions.dictionaries import store
from healthcloud.institutions.dictionaries.errors import DictionaryUnknown
from healthcloud.institutions.dictionaries.model import (
    SETS,
    Coverage,
    Mapped,
    Mapping,
    StandardSet,
    Unmapped,
    book_of,
    coverage,
)
from healthcloud.institutions.dictionaries.shelf import dictionary_of, shelf_of
from healthcloud.institutions.rights import may_manage

MOST_UNMAPPED = 500


async def ours(read: Read, institution_id: UUID | None, set_name: str, theirs: str | None) -> Mapped:
    """Return the city's code for an institution's value; see `Dictionary.ours`. Raises DictionaryUnknown."""
    return (await dictionary_of(read, institution_id)).ours(set_name, theirs)


async def theirs(read: Read, institution_id: UUID | None, set_name: str, ours: str | None) -> Mapped:
    """Return an institution's value for the city's code; see `Dictionary.theirs`. Raises DictionaryUnknown."""
    return (await dictionary_of(read, institution_id)).theirs(set_name, ours)


async def standard_of(read: Read, set_name: str) -> StandardSet:
    """Return a dictionary's standard set as it is in force; raise DictionaryUnknown."""
    if set_name not in SETS:
        raise DictionaryUnknown
    await dictionary_of(read, None)
    return shelf_of(read.vault).standards[set_name]


async def coverage_of(read: Read, caller: Caller, institution_id: UUID) -> list[Coverage]:
    """Return how far each dictionary of an institution reaches, in both directions."""
    may_manage(caller, institution_id)
    await dictionary_of(read, None)
    standards = shelf_of(read.vault).standards
    mappings = await store.mappings_of(read, institution_id)
    unmapped = await store.unmapped_of(read, institution_id, MOST_UNMAPPED)
    book = book_of(mappings, standards)
    return [coverage(name, standards[name], mappings, book, unmapped) for name in SETS]


async def mappings_of(read: Read, caller: Caller, institution_id: UUID, set_name: str) -> list[Mapping]:
    """Return an institution's mappings of a dictionary."""
    may_manage(caller, institution_id)
    if set_name not in SETS:
        raise DictionaryUnknown
    return await store.mappings_in(read, institution_id, set_name)


async def unmapped_of(read: Read, caller: Caller, institution_id: UUID) -> list[Unmapped]:
    """Return what an institution has not mapped, the most frequent first, at most five hundred."""
    may_manage(caller, institution_id)
    return await store.unmapped_of(read, institution_id, MOST_UNMAPPED)
