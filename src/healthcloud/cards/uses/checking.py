"""Comparing uses with the deeds that seal them, for `healthcloud audit verify`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.uses import store
from healthcloud.cards.uses.model import Use, digest_of, instant_of
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Read

PAGE = 200
# A code's own minute is at most minutes from its scan; it finds the partitions.
REACH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class UseFinding:
    """A batch of uses that is not what was sealed; the deed's place in the chain proves which of the two is true."""

    kind: Literal["removed", "altered", "unsealed"]
    batch_id: UUID
    at: datetime


@dataclass(slots=True)
class UsesVerdict:
    """What was checked and what was found."""

    batches: int = 0
    uses: int = 0
    findings: list[UseFinding] = field(default_factory=list)


async def check_use_batches(
    read: Read, since: datetime, until: datetime, *, progress: Callable[[int], None] = lambda _: None
) -> UsesVerdict:
    """Recompute the digest of every batch of uses sealed in a span of time; `progress` is told the uses checked."""
    verdict = UsesVerdict()
    before, upto = (until, UUID(int=(1 << 128) - 1)), until
    pending: dict[UUID, list[Use]] = {}
    is_last = False
    while not is_last:
        wanted = audit.DeedsWanted(since=since, before=before, deed=deeds.BATCH, limit=PAGE)
        page = await audit.search_deeds(read, SYSTEM, wanted)
        is_last = len(page) < PAGE
        lower = since if is_last else min(upto, *map(_used_at, page))
        uses = await store.uses_between(read, lower, upto, lower - REACH)
        pending |= {batch_id: list(some) for batch_id, some in groupby(uses, key=attrgetter("batch_id"))}
        for deed in page:
            found = pending.pop(deed.subject_id, [])
            verdict.batches += 1
            verdict.uses += len(found)
            verdict.findings += _compared(deed, found)
        progress(verdict.uses)
        if page:
            before, upto = (page[-1].at, page[-1].id), lower
    verdict.findings += await _unsealed(read, pending)
    return verdict


def _used_at(deed: audit.Deed) -> datetime:
    """Return when the batch's uses were written, a moment before its deed."""
    micros = deed.detail.get("used_at")
    return instant_of(micros) if isinstance(micros, int) else deed.at


def _compared(deed: audit.Deed, found: Sequence[Use]) -> list[UseFinding]:
    if digest_of(found).hex() == deed.detail.get("digest"):
        return []
    kind: Literal["removed", "altered"] = "removed" if len(found) != deed.detail.get("uses") else "altered"
    return [UseFinding(kind, deed.subject_id, deed.at)]


async def _unsealed(read: Read, batches: dict[UUID, list[Use]]) -> list[UseFinding]:
    """Of batches met without their deed, those that have none: the others' lies outside the span of time."""
    findings = []
    for batch_id, uses in batches.items():
        if not await audit.deeds_about(read, [batch_id], limit=1):
            findings.append(UseFinding("unsealed", batch_id, uses[0].used_at))
    return findings
