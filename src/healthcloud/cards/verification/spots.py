"""Who scans where and for what, as this process has met it lately, so that a scan need not ask for it."""

import time
from uuid import UUID

from healthcloud import institutions
from healthcloud.cards.verification.errors import SceneUnknown, TerminalUnbound, TerminalUnknown
from healthcloud.cards.verification.model import Spot
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Read
from healthcloud.core.errors import Forbidden
from healthcloud.core.flights import Flights

IDENTITY_SCOPE = "cards.identity"
FRESH_SECONDS = 30.0
MOST = 50_000
PAGE = 200

Key = tuple[UUID, UUID | None, UUID, bool, str, str | None]


class Spots:
    """
    Finds a terminal by id or by what people call it, and tells whether a step of treatment exists.

    Only names are remembered, for half a minute: the statement compares again that key and terminal are live, and the
    terminal the institution's own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._spots: dict[Key, tuple[Spot, float]] = {}
        self._finding: Flights[Key, Spot] = Flights()

    async def spot(self, caller: Caller, named: str | None, scene: str | None) -> Spot:
        """
        Return where this caller scans; raise TerminalUnknown, TerminalUnbound, SceneUnknown, or Forbidden.

        A machine names its terminal, or has one that only it may speak for; a browser is bound to one. The step is the
        terminal's own when none is said.
        """
        if caller.institution_id is None:
            raise Forbidden("this caller belongs to no institution")
        terminal = named or ""
        if caller.kind is not CallerKind.CLIENT:
            if caller.terminal_id is None:
                raise TerminalUnbound
            terminal = str(caller.terminal_id)
        full = IDENTITY_SCOPE in caller.scopes
        key = caller.account_id, caller.key_id, caller.institution_id, full, terminal, scene
        spot, until = self._spots.get(key, (None, 0.0))
        if spot is not None and until > time.monotonic():
            return spot
        return await self._finding.find(key, lambda: self._found(key, caller))

    async def _found(self, key: Key, caller: Caller) -> Spot:
        spot = await self._find(key, caller)
        if len(self._spots) >= MOST:
            self._spots.clear()
        self._spots[key] = spot, time.monotonic() + FRESH_SECONDS
        return spot

    async def _find(self, key: Key, caller: Caller) -> Spot:
        _, _, institution_id, full, named, scene = key
        async with self._database.read() as read:
            if named:
                found = await institutions.terminal_named(read, institution_id, uuid_or_name(named))
            else:
                found = await _only_terminal(read, institution_id, caller.account_id)
            if found is None:
                raise TerminalUnknown
            plain = found.scene_code if scene is None else institutions.codes.plain_scene(scene)
            if plain != found.scene_code and not await institutions.scene_exists(read, plain):
                raise SceneUnknown
        return Spot(found.id, plain, institution_id, caller.account_id, caller.key_id, full)


async def _only_terminal(read: Read, institution_id: UUID, client_id: UUID) -> institutions.Terminal | None:
    its_own: list[institutions.Terminal] = []
    page = await institutions.terminals.terminals_of(read, institution_id, limit=PAGE)
    while page:
        its_own += [one for one in page if one.client_id == client_id and one.is_active]
        page = await institutions.terminals.terminals_of(read, institution_id, after=page[-1].id, limit=PAGE)
    return its_own[0] if len(its_own) == 1 else None


def uuid_or_name(text: str) -> UUID | str:
    """Return a terminal's id where the text is one."""
    try:
        return UUID(text)
    except ValueError:
        return text
