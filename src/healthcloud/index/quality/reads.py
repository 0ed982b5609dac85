"""Looking at quality: the city's staff at all of it, an institution's staff at their own."""

from datetime import datetime
from uuid import UUID

import msgspec

from healthcloud import institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.core.errors import Forbidden
from healthcloud.index.errors import NotYourInstitution
from healthcloud.index.model import CITY, IMPORT, MANAGE, REVIEW
from healthcloud.index.quality import store
from healthcloud.index.quality.model import (
    Counts,
    InstitutionQuality,
    Quality,
    precision_of,
    shown,
)

SCOPES = (REVIEW, IMPORT, MANAGE)
_DECODER = msgspec.json.Decoder(Counts)


async def quality_of(read: Read, caller: Caller, institution_id: UUID | None = None) -> Quality:
    """
    Return the measures of an institution, or of the city where None (scope index.review, index.import or index.manage).

    Staff of an institution see their own, also where None; raise NotYourInstitution for another.
    """
    _may(caller)
    if caller.institution_id is not None:
        if institution_id not in {None, caller.institution_id}:
            raise NotYourInstitution
        institution_id = caller.institution_id
    found = await store.counts_of(read, institution_id or CITY)
    # Who has no row though the city has one was counted as nothing.
    counted_at = found.counted_at if found else await _counted_at(read)
    counts = _DECODER.decode(found.counts) if found else None
    return shown(institution_id, counted_at, counts, read.clock.now())


async def by_institution(read: Read, caller: Caller) -> list[InstitutionQuality]:
    """Return a line of every institution with records, most of them first; of an institution's staff their own only."""
    _may(caller)
    rows = [one for one in await store.every_count(read) if one.source_id != CITY]
    if caller.institution_id is not None:
        rows = [one for one in rows if one.source_id == caller.institution_id]
    names = await institutions.names_of(read, [one.source_id for one in rows])
    lines = [_line(one.source_id, names.get(one.source_id, ""), _DECODER.decode(one.counts)) for one in rows]
    return sorted(lines, key=lambda line: (-line.records, line.institution_id))


async def _counted_at(read: Read) -> datetime | None:
    city = await store.counts_of(read, CITY)
    return city.counted_at if city else None


def _line(institution_id: UUID, name: str, counts: Counts) -> InstitutionQuality:
    return InstitutionQuality(
        institution_id=institution_id,
        name=name,
        records=sum(counts.states.values()),
        linked=counts.outcomes.get("linked", 0),
        review=counts.states.get("review", 0),
        duplicates_suspected=counts.duplicates,
        precision=precision_of(counts.samples),
    )


def _may(caller: Caller) -> None:
    if caller.kind is not CallerKind.SYSTEM and caller.scopes.isdisjoint(SCOPES):
        raise Forbidden(scope=SCOPES[0])
