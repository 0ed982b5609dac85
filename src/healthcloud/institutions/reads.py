"""Looking at institutions: public facts, so anybody may."""

from collections.abc import Iterable
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.institutions import store
from healthcloud.institutions.errors import InstitutionUnknown, NumberAmbiguous
from healthcloud.institutions.model import Alias, Institution, InstitutionFilter
from healthcloud.institutions.numbers import NumberKind, OutsideNumber, spellings

MAX_PAGE = 200
FIRST = UUID(int=0)
ANY_INSTITUTION = InstitutionFilter()


async def institution(read: Read, institution_id: UUID) -> Institution:
    """Return an institution, open or closed; raise InstitutionUnknown."""
    found = await store.institutions_by_id(read, [institution_id])
    if not found:
        raise InstitutionUnknown
    return found[0]


async def names_of(read: Read, institution_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of those of these institutions that are known."""
    return {one.id: one.name for one in await store.institutions_by_id(read, list(institution_ids))}


async def institution_named(read: Read, number: str, kind: NumberKind | None = None) -> Institution | None:
    """
    Return the institution known by an outside number in any spelling, of one kind or of whichever kind it is.

    Raises NumberAmbiguous where kinds differ on whom they mean.
    """
    found = [one for one in await store.aliases_spelled(read, spellings(number)) if kind in (None, one.kind)]
    owners = {one.institution_id for one in found}
    if len(owners) > 1:
        raise NumberAmbiguous(kinds=",".join(sorted({one.kind for one in found})))
    return await institution(read, owners.pop()) if owners else None


async def numbers_of(read: Read, institution_id: UUID) -> list[OutsideNumber]:
    """Return every outside number of an institution, by kind."""
    return [OutsideNumber(NumberKind(one.kind), one.alias) for one in await aliases_of(read, institution_id)]


async def numbers_among(read: Read, institution_ids: Iterable[UUID]) -> dict[UUID, list[OutsideNumber]]:
    """Return the outside numbers of several institutions, by kind."""
    found: dict[UUID, list[OutsideNumber]] = {}
    for one in await store.aliases_of(read, list(institution_ids)):
        found.setdefault(one.institution_id, []).append(OutsideNumber(NumberKind(one.kind), one.alias))
    return found


async def aliases_of(read: Read, institution_id: UUID) -> list[Alias]:
    """Return the same as stored."""
    return await store.aliases_of(read, [institution_id])


async def list_institutions(
    read: Read, wanted: InstitutionFilter = ANY_INSTITUTION, *, after: UUID = FIRST, limit: int = 50
) -> list[Institution]:
    """Return institutions in the order they were entered; the next page starts after the last one's id."""
    return await store.list_institutions(read, wanted, after, min(limit, MAX_PAGE))
