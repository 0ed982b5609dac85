"""Beginning and ending sessions. A token is made anew at sign-in and when a locked session is unlocked."""

from uuid import UUID

from healthcloud import audit
from healthcloud.access.policy import SessionTerms
from healthcloud.access.sessions import store
from healthcloud.access.sessions.errors import NoSuchSession, SessionOver
from healthcloud.access.sessions.model import SessionLine
from healthcloud.access.tokens import AccountToken, new_token, read_token
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id


async def begin_session(
    tx: Transaction, account_id: UUID, terms: SessionTerms, device: str, *, former: str | None, second_factor: bool
) -> tuple[AccountToken, SessionLine]:
    """
    Begin a session under a new token; the one this browser had before (`former`, its cookie) ends.

    So a token somebody planted in a browser never becomes a signed-in one.
    """
    now = tx.clock.now()
    if former is not None and (old := read_token(former)) is not None:
        await store.end_by_token(tx, old.account_id, old.digest, now, "signed in again")
    token = new_token(account_id)
    line = SessionLine(new_id(), device, now, now, now + terms.life)
    await store.add_session(tx, account_id, token.digest, line, now + terms.idle, now if second_factor else None)
    return token, line


async def resume_session(tx: Transaction, token: AccountToken, terms: SessionTerms) -> tuple[AccountToken, UUID]:
    """Unlock a session, under a new token; raise SessionOver when it has ended meanwhile."""
    now = tx.clock.now()
    fresh = new_token(token.account_id)
    session_id = await store.renew_token(tx, token.account_id, token.digest, fresh.digest, now, now + terms.idle)
    if session_id is None:
        raise SessionOver
    return fresh, session_id


async def lock_own_session(tx: Transaction, cookie: str) -> None:
    """Lock the session of the browser that holds this cookie, as if it had been left alone; harmless twice."""
    token = read_token(cookie)
    if token is not None:
        await store.lock(tx, token.account_id, token.digest, tx.clock.now())


async def end_own_session(tx: Transaction, cookie: str) -> None:
    """Sign out the browser that holds this cookie; harmless when it was signed out already."""
    token = read_token(cookie)
    if token is None:
        return
    ended = await store.end_by_token(tx, token.account_id, token.digest, tx.clock.now(), "signed out")
    if ended is not None:
        himself = Caller(CallerKind(ended.kind), token.account_id, session_id=ended.id)
        await audit.record(tx, himself, "access.signed-out", token.account_id)


async def end_session(tx: Transaction, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's own sessions; raise NoSuchSession."""
    if not await store.end_by_id(tx, caller.account_id, session_id, tx.clock.now(), "ended by its owner"):
        raise NoSuchSession
    await audit.record(tx, caller, "access.session-ended", caller.account_id)


async def end_all_sessions(tx: Transaction, caller: Caller, account_id: UUID, why: str, *, but: UUID | None) -> int:
    """End every session of an account, `but` one if given; return how many."""
    count = await store.end_all(tx, account_id, but, tx.clock.now(), why)
    if count:
        await audit.record(tx, caller, "access.session-ended", account_id, detail={"count": count, "why": why})
    return count


async def end_session_of(tx: Transaction, token: AccountToken, why: str) -> None:
    """End the session with this token, for a reason of ours."""
    await store.end_by_token(tx, token.account_id, token.digest, tx.clock.now(), why)
