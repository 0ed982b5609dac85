"""Terminals and steps of treatment this process has met lately, so that a scan need not ask for them."""

import time
from typing import NamedTuple
from uuid import UUID

from healthcloud import institutions
from healthcloud.cards.verification.errors import SceneUnknown, TerminalUnknown
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read

FRESH_SECONDS = 30.0
MOST = 50_000
PAGE = 200


class Desk(NamedTuple):
    """A terminal by its id, and the step of treatment it mostly does."""

    terminal_id: UUID
    scene: str


class Desks:
    """
    Finds a terminal by id or by what people call it, and tells whether a step of treatment exists.

    Only names are remembered, for half a minute: that a terminal is live and the institution's own is compared again in
    the statement.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._desks: dict[tuple[UUID, str], tuple[Desk, float]] = {}
        self._scenes: dict[str, tuple[str, float]] = {}

    def known(self, caller: Caller, institution_id: UUID, named: str, scene: str | None) -> Desk | None:
        """Return the terminal with the step asked for, or None when only `find` can tell."""
        now = time.monotonic()
        desk, until = self._desks.get((institution_id, named or str(caller.account_id)), (None, 0.0))
        if desk is None or until < now:
            return None
        if scene is None or scene == desk.scene:
            return desk
        plain, good_until = self._scenes.get(scene, ("", 0.0))
        return Desk(desk.terminal_id, plain) if good_until > now else None

    async def find(self, caller: Caller, institution_id: UUID, named: str, scene: str | None) -> Desk:
        """
        Return the terminal with the step asked for; raise TerminalUnknown or SceneUnknown.

        Without a name it is the one terminal that only this client may speak for.
        """
        until = time.monotonic() + FRESH_SECONDS
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
        if len(self._desks) >= MOST:
            self._desks.clear()
        self._desks[institution_id, named or str(caller.account_id)] = Desk(found.id, found.scene_code), until
        if scene is not None:
            self._scenes[scene] = plain, until
        return Desk(found.id, plain)


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
