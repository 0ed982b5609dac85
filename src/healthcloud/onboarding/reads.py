"""Where institutions stand: the city's staff see each, an institution's their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from healthcloud import access, conformance, exchange, institutions
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.onboarding import store
from healthcloud.onboarding.actions import open_application
from healthcloud.onboarding.errors import ReportUnknown
from healthcloud.onboarding.model import Application, Policy, Report
from healthcloud.onboarding.rights import may_look, must_be_theirs
from healthcloud.onboarding.rules import Evidence, Point, PointUse, State, point_of, state_of

FIRST = UUID(int=0)
ANY_INSTITUTION = institutions.InstitutionFilter()
SUITE = {face: frozenset(one.id for one in conformance.CASES if face in one.faces) for face in conformance.FACES}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one institution stands, and what its points of use come to."""

    institution_id: UUID
    institution: str
    state: State
    points: tuple[PointUse, ...]


async def list_standings(
    read: Read,
    caller: Caller,
    policy: Policy,
    wanted: institutions.InstitutionFilter = ANY_INSTITUTION,
    *,
    after: UUID = FIRST,
    limit: int = 50,
) -> list[Standing]:
    """Return where open institutions stand, in the order they were entered; who belongs to one sees that one."""
    may_look(caller)
    if caller.institution_id is not None:
        own = [await institutions.institution(read, caller.institution_id)] if after < caller.institution_id else []
        return await _standings(read, own, policy)
    found = await institutions.list_institutions(read, wanted, after=after, limit=limit)
    return await _standings(read, found, policy)


async def standing_of(read: Read, caller: Caller, institution_id: UUID, policy: Policy) -> Standing:
    """Return where an institution stands; raise InstitutionUnknown, also for what is another's."""
    may_look(caller)
    must_be_theirs(caller, institution_id)
    found = await institutions.institution(read, institution_id)
    return (await _standings(read, [found], policy))[0]


async def application_of(read: Read, caller: Caller, institution_id: UUID) -> Application | None:
    """Return what an institution applied with; None where it has not."""
    may_look(caller)
    must_be_theirs(caller, institution_id)
    found = await store.applications(read, [institution_id])
    return open_application(read.vault, institution_id, found[0].sealed) if found else None


async def reports_of(read: Read, caller: Caller, institution_id: UUID) -> list[Report]:
    """Return an institution's conformance reports, the newest first, those of keys no longer trusted too."""
    may_look(caller)
    must_be_theirs(caller, institution_id)
    return await store.reports(read, [institution_id])


async def report_file(read: Read, caller: Caller, institution_id: UUID, digest: bytes) -> bytes:
    """Return a report as it was handed in, to be verified by anybody; raise ReportUnknown."""
    may_look(caller)
    must_be_theirs(caller, institution_id)
    found = await store.report_file(read, institution_id, digest)
    if found is None:
        raise ReportUnknown
    return found


async def _standings(read: Read, found: Sequence[institutions.Institution], policy: Policy) -> list[Standing]:
    evidence = await evidence_of(read, [one.id for one in found], policy)
    now = read.clock.now()
    return [
        Standing(one.id, one.name, state_of(evidence[one.id], SUITE, now, policy.fresh), evidence[one.id].points)
        for one in found
    ]


async def evidence_of(read: Read, institution_ids: list[UUID], policy: Policy) -> dict[UUID, Evidence]:
    """Gather what the city knows of institutions, by a statement for each kind of evidence."""
    if not institution_ids:
        return {}
    applied = {one.institution_id: one for one in await store.applications(read, institution_ids)}
    keys = await access.clients.live_keys(read, institution_ids)
    messages = await exchange.evidence.last_messages(read, institution_ids)
    reports: defaultdict[UUID, list[Report]] = defaultdict(list)
    for one in await store.reports(read, institution_ids):
        if policy.trusts(one.key):
            reports[one.institution_id].append(one)
    plans = {one: set(applied[one].points) if one in applied else set() for one in institution_ids}
    points = await _points(read, plans, policy.fresh)
    return {
        one: Evidence(
            applied_at=applied[one].applied_at if one in applied else None,
            live_keys=keys.get(one, 0),
            tried=tuple(each.tried for each in reports[one]),
            points=points[one],
            last_message_at=messages.get(one),
        )
        for one in institution_ids
    }


async def _points(read: Read, plans: dict[UUID, set[str]], span: timedelta) -> dict[UUID, tuple[PointUse, ...]]:
    """Return every point of institutions; planned is what was applied for, and where an active terminal stands."""
    today = read.clock.now().astimezone(SHANGHAI).date()
    ids = list(plans)
    used = {(one.institution_id, one.point): one for one in await store.points(read, ids, today - span)}
    desks: defaultdict[tuple[UUID, Point], int] = defaultdict(int)
    for desk in await store.desks(read, ids):
        point = point_of(desk.kind, desk.scene_code)
        if point is not None:
            desks[desk.institution_id, point] += desk.terminals
    return {one: tuple(_point(one, point, plan, desks, used) for point in Point) for one, plan in plans.items()}


def _point(
    place: UUID,
    point: Point,
    plan: set[str],
    desks: dict[tuple[UUID, Point], int],
    used: dict[tuple[UUID, str], store.PointRow],
) -> PointUse:
    terminals, row = desks.get((place, point), 0), used.get((place, point))
    is_planned = point in plan or terminals > 0
    return PointUse(point, is_planned, terminals, row.uses if row else 0, row.last_used_at if row else None)
