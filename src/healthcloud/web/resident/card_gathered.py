"""Cards told of together: those who look at the same moment are answered by four statements, however many they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud import access, cards, people
from healthcloud.core.caller import CallerKind
from healthcloud.core.db import Database, Read
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.settings import Settings
from healthcloud.web.resident.card_now import NOT_YOURS, REAL_NAME, SIGN_IN, Told, told_of
from healthcloud.web.resident.card_subject import CARD, among

MOST_TOGETHER = 64


class _Seen(NamedTuple):
    told: Told
    session: access.sessions.BareSession | None


_NOBODY = _Seen(SIGN_IN, None)


class GatheredLooks:
    """Tells residents of their own cards, by their cookies; one for a process."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._window_steps = settings.code_window_steps
        self._idle = access.AccessPolicy.of(settings).resident_sessions.idle
        self._looks: Gatherer[access.sessions.AccountToken, _Seen] = Gatherer(
            self._look, key=lambda one: (one.account_id, one.secret), limit_batch=MOST_TOGETHER
        )

    async def tell(self, cookie: str) -> Told:
        """Return the front of the own card of whose session this is, or where the browser goes."""
        token = access.sessions.read_token(cookie)
        if token is None:
            return SIGN_IN
        told, session = await self._looks.ask(token)
        if session is not None:
            await access.sessions.touch_session(self._database, token, session, self._idle)
        return told

    async def close(self) -> None:
        """Answer those who wait, and take no more."""
        await self._looks.close()

    async def _look(self, tokens: Sequence[access.sessions.AccountToken]) -> list[_Seen]:
        async with self._database.glance() as read:
            sessions = await access.sessions.bare_sessions(read, tokens)
            now = read.clock.now()
            live = [one if one is not None and not one.is_locked(now) else None for one in sessions]
            accounts = [one.account_id for one in live if one is not None and one.kind == CallerKind.RESIDENT]
            persons = await people.accounts.persons_of_accounts(read, accounts)
            shown = await self._shown(read, list(set(persons.values())), now)
        return [_seen(one, shown.get(persons.get(one.account_id), REAL_NAME)) if one else _NOBODY for one in live]

    async def _shown(self, read: Read, persons: list[UUID], now: datetime) -> dict[UUID | None, Told]:
        members = await people.grants.members_of_many(read, persons, CARD)
        fronts = await cards.fronts_of(read, persons, self._window_steps)
        return {
            person: told_of(among(shown, shown[0]), fronts.get(shown[0].person_id), now)
            for person, shown in members.items()
        }


def _seen(session: access.sessions.BareSession, told: Told) -> _Seen:
    return _Seen(told, session) if session.kind == CallerKind.RESIDENT else _Seen(NOT_YOURS, None)
