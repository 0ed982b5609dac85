"""Who a browser speaks for, asked by what it leaves open rather than by what somebody does."""

from healthcloud.access.sessions.reads import caller_of_session, session_of
from healthcloud.access.tokens import read_token
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read


async def looking(read: Read, cookie: str) -> Caller | None:
    """
    Return who the session of this cookie speaks for now; None when it is over or locked.

    It does not count as use: a page that is left open does not keep its session awake.
    """
    token = read_token(cookie)
    session = None if token is None else await session_of(read, token)
    if session is None or session.is_locked(read.clock.now()):
        return None
    return caller_of_session(read.vault, session)[0]
