"""Who may look after access: holders of a scope, and the command line, which stands where the keys are."""

from healthcloud.core.caller import Caller, CallerKind


def must_hold(caller: Caller, scope: str) -> None:
    """Raise Forbidden unless the caller holds this scope or is this software itself."""
    if caller.kind is not CallerKind.SYSTEM:
        caller.must(scope)
