"""What people has done behind the requests."""

from datetime import timedelta

from healthcloud.core.background import Body, JobKind, Progress, Recurring, in_portions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.people.grants.actions import end_expired
from healthcloud.people.photos.actions import delete_ended
from healthcloud.people.registry.jobs import recheck_kind
from healthcloud.people.registry.ports import PopulationRegistry
from healthcloud.people.rotation.jobs import KINDS


def job_kinds(registry: PopulationRegistry | None) -> tuple[JobKind, ...]:
    """Return every kind of job; without a registry nobody is checked later."""
    return (recheck_kind(registry), *KINDS)


async def _end_grants(tx: Transaction) -> int:
    """End some care grants whose time is over."""
    return await end_expired(tx, SYSTEM)


async def _delete_photos(tx: Transaction, _: Body) -> Progress | None:
    """Delete photographs whose time is over."""
    await delete_ended(tx)
    return None


RECURRING = (
    Recurring("people.end-grants", timedelta(minutes=10), in_portions(_end_grants)),
    Recurring("people.delete-photos", timedelta(minutes=30), _delete_photos),
)
