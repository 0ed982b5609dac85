"""Who may change an institution."""

from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.errors import Forbidden

MANAGE = "institutions.manage"


def may_manage_city(caller: Caller) -> None:
    """Raise Forbidden unless the caller manages institutions for the whole city, belonging to none."""
    caller.must(MANAGE)
    if caller.institution_id is not None:
        raise Forbidden(scope=MANAGE)


def may_manage(caller: Caller, institution_id: UUID) -> None:
    """Raise Forbidden unless the caller manages institutions for the city, or this one and belongs to it."""
    caller.must(MANAGE)
    if caller.institution_id not in (None, institution_id):
        raise Forbidden(scope=MANAGE)
