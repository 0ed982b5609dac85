"""Who may look at queues, carry on what stopped, and give addresses and keys: people of the city, of no institution."""

from healthcloud.core.caller import Caller
from healthcloud.core.errors import Forbidden

OPERATE = "jobs.manage"
GIVE_KEYS = "access.manage-clients"


def may_look(caller: Caller) -> None:
    """Raise Forbidden unless the caller operates the queues or gives addresses and keys."""
    if GIVE_KEYS not in caller.scopes:
        may_operate(caller)
    elif caller.institution_id is not None:
        raise Forbidden(scope=OPERATE)


def may_operate(caller: Caller) -> None:
    """Raise Forbidden unless the caller operates the city's queues."""
    caller.must(OPERATE)
    if caller.institution_id is not None:
        raise Forbidden(scope=OPERATE)


def may_give_keys(caller: Caller) -> None:
    """Raise Forbidden unless the caller gives addresses and keys for the city."""
    caller.must(GIVE_KEYS)
    if caller.institution_id is not None:
        raise Forbidden(scope=GIVE_KEYS)
