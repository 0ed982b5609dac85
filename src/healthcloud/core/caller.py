"""Who is asking: opaque ids and scopes. `access` implements the Authenticator; no feature reads a header itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from healthcloud.core.errors import Forbidden

SYSTEM_ACCOUNT = UUID(int=0)


class CallerKind(StrEnum):
    """What kind of party asks."""

    GUEST = "guest"
    RESIDENT = "resident"
    STAFF = "staff"
    CLIENT = "client"  # an institution's machine, by signed request
    SYSTEM = "system"  # this software itself: jobs, reactions, the command line


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Who is asking, proven by the Authenticator; ids only, never a name.

    `account_id` is the staff or resident account or the API client; `person_id` the resident's own person, if known;
    `institution_id` where a member of staff or a client belongs; `terminal_id` the desk this browser or client is bound
    to; `key_id` the client key that signed, compared again inside hot statements so that revocation is at once;
    `on_behalf_of` the person a resident acts for under a care grant; `reason` why data is opened, when one was given.
    """

    kind: CallerKind
    account_id: UUID
    scopes: frozenset[str] = field(default_factory=frozenset)
    person_id: UUID | None = None
    institution_id: UUID | None = None
    terminal_id: UUID | None = None
    session_id: UUID | None = None
    key_id: UUID | None = None
    on_behalf_of: UUID | None = None
    reason: str | None = None

    def must(self, scope: str) -> None:
        """Raise Forbidden unless the caller holds this scope; this software itself holds every one."""
        if self.kind is not CallerKind.SYSTEM and scope not in self.scopes:
            raise Forbidden(scope=scope)


GUEST = Caller(CallerKind.GUEST, SYSTEM_ACCOUNT)
SYSTEM = Caller(CallerKind.SYSTEM, SYSTEM_ACCOUNT)


class Proven:
    """Who a hot endpoint found to ask, for what comes after its answer; None until then, and for who signed nothing."""

    __slots__ = ("client",)

    def __init__(self) -> None:
        self.client: Caller | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What of a request may prove who asks: never logged, never stored."""

    method: str
    target: str  # path and query as sent
    headers: Mapping[str, str]  # lower-case names
    cookies: Mapping[str, str]
    body: bytes
    address: str  # the client's network address
    proven: Proven = field(default_factory=Proven, repr=False, compare=False)


class Authenticator(Protocol):
    """Turn credentials into a Caller; GUEST when there are none; raise Unauthenticated when they are wrong."""

    async def authenticate(self, credentials: Credentials) -> Caller:
        """Return who asks."""
        ...
