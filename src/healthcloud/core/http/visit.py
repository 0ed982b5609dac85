"""One request as the edge sees it; kept in the ASGI scope, so that every layer speaks of the same one."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from healthcloud.core.caller import Caller

VISIT = "healthcloud.visit"


@dataclass(slots=True)
class Visit:
    """What is known of a request so far: its id, its whole body, the client's address, and the caller once proven."""

    request_id: str
    address: str
    body: bytes = b""
    caller: Caller | None = None
    code: str | None = None  # of the problem it was answered with


def visit_of(scope: MutableMapping[str, Any]) -> Visit:
    """Return the visit the edge opened for this request."""
    visit = scope[VISIT]
    if not isinstance(visit, Visit):
        raise TypeError(VISIT)
    return visit
