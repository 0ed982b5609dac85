"""Comparing uses with the deeds that seal them, for `healthcloud audit verify`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.uses import store
from healthcloud.cards.uses.model import Use, digest_of, instant_of, late_digest_of
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
    late: list[audit.Deed] = []
    is_last = False
    while not is_last:
        wanted = audit.DeedsWanted(since=since, before=before, deed=deeds.BATCH, limit=PAGE)
        page = await audit.search_deeds(read, SYSTEM, wanted)
        is_last = len(page) < PAGE
        late += [deed for deed in page if _is_late(deed)]
        at_once = [deed for deed in page if not _is_late(deed)]
        lower = since if is_last else min([upto, *map(_used_at, at_once)])
        uses = await store.uses_between(read, lower, upto, lower - REACH)
        pending |= {batch_id: list(some) for batch_id, some in groupby(uses, key=attrgetter("batch_id"))}
        for deed in at_once:
            found = pending.pop(deed.subject_id, [])
            verdict.batches += 1
            verdict.uses += len(found)
            verdict.findings += _compared(deed, found)
        progress(verdict.uses)
        if page:
            before, upto = (page[-1].at, page[-1].id), lower
    await _check_late(read, verdict, late, (since, until))
    verdict.findings += await _unsealed(read, {batch_id: uses[0].used_at for batch_id, uses in pending.items()})
    return verdict


async def _check_late(
    read: Read, verdict: UsesVerdict, late: Sequence[audit.Deed], span: tuple[datetime, datetime]
) -> None:
    """Compare uses told of late, which lie anywhere in time, with the deed each has."""
    since, until = span
    rows = await store.late_between(read, min([since, *map(_received_at, late)]), until)
    by_batch = {use.batch_id: use for use in rows}
    for deed in late:
        use = by_batch.pop(deed.subject_id, None)
        verdict.batches += 1
        verdict.uses += use is not None
        if use is None or late_digest_of(use).hex() != deed.detail.get("digest"):
            kind: Literal["removed", "altered"] = "removed" if use is None else "altered"
            verdict.findings.append(UseFinding(kind, deed.subject_id, deed.at))
    verdict.findings += await _unsealed(read, {batch_id: use.received_at for batch_id, use in by_batch.items()})


def _is_late(deed: audit.Deed) -> bool:
    return isinstance(deed.detail.get("received_at"), int)


def _received_at(deed: audit.Deed) -> datetime:
    """Return when a late use was told of, a moment before its deed."""
    micros = deed.detail.get("received_at")
    return instant_of(micros) if isinstance(micros, int) else deed.at


def _used_at(deed: audit.Deed) -> datetime:
    """Return when the batch's uses were written, a moment before its deed."""
    micros = deed.detail.get("used_at")
    return instant_of(micros) if isinstance(micros, int) else deed.at


def _compared(deed: audit.Deed, found: Sequence[Use]) -> list[UseFinding]:
    if digest_of(found).hex() == deed.detail.get("digest"):
        return []
    kind: Literal["removed", "altered"] = "removed" if len(found) != deed.detail.get("uses") else "altered"
    return [UseFinding(kind, deed.subject_id, deed.at)]


async def _unsealed(read: Read, batches: Mapping[UUID, datetime]) -> list[UseFinding]:
    """Of batches met without their deed, those that have none: the others' lies outside the span of time."""
    findings = []
    for batch_id, at in batches.items():
        if not await audit.deeds_about(read, [batch_id], limit=1):
            findings.append(UseFinding("unsealed", batch_id, at))
    return findings
