"""Finding the session a request belongs to, and what it may do."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from healthcloud.access.roles import Grant, is_genuine, scopes_of
from healthcloud.access.sessions import store
from healthcloud.access.sessions.model import SEEN_AGAIN, BareSession, OpenSession, SessionLine, open_session
from healthcloud.access.tokens import AccountToken
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database, Read


async def session_of(read: Read, token: AccountToken) -> OpenSession | None:
    """Return the open session with this token, locked or not; None when there is none. One statement."""
    now = read.clock.now()
    return open_session(await store.session_rows(read, token.account_id, token.digest, now), now)


def caller_of_session(vault: Vault, session: OpenSession) -> tuple[Caller, list[Grant]]:
    """
    Return who this session speaks for, and the grants that were altered past this software and give nothing.

    Residents and staff hold a scope of that name, staff those of their roles besides.
    """
    kind = CallerKind(session.kind)
    genuine: list[Grant] = []
    altered: list[Grant] = []
    for grant in session.grants:
        (genuine if is_genuine(vault, grant, session.institution_id) else altered).append(grant)
    caller = Caller(
        kind,
        session.account_id,
        scopes_of(grant.role for grant in genuine) | {str(kind)},
        institution_id=session.institution_id,
        session_id=session.id,
    )
    return caller, altered


async def bare_sessions(read: Read, tokens: Sequence[AccountToken]) -> list[BareSession | None]:
    """Return each token's open session, locked or not, without grants; None where there is none. One statement."""
    found = await store.bare_sessions(
        read, [one.account_id for one in tokens], [one.digest for one in tokens], read.clock.now()
    )
    by_token = {(one.account_id, one.token_hash): one for one in found}
    return [by_token.get((one.account_id, one.digest)) for one in tokens]


async def touch_session(
    database: Database, token: AccountToken, session: OpenSession | BareSession, idle: timedelta
) -> None:
    """Note that the session is in use, at most once a minute."""
    now = database.clock.now()
    if now - session.seen_at >= SEEN_AGAIN:
        await database.transact(lambda tx: store.touch(tx, token.account_id, token.digest, now, now + idle))


async def own_sessions(read: Read, caller: Caller) -> list[SessionLine]:
    """Return the devices the caller is signed in on."""
    return await store.open_lines(read, caller.account_id, read.clock.now())


async def open_sessions(read: Read, account_id: UUID) -> list[SessionLine]:
    """Return the devices an account is signed in on; whether the asker may know is for whoever asks."""
    return await store.open_lines(read, account_id, read.clock.now())
