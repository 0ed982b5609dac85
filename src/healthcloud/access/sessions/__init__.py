"""Sessions: one signed-in browser each; found in the database at every request, so that ending one is at once."""

from healthcloud.access.sessions.actions import (
    begin_session,
    end_all_sessions,
    end_own_session,
    end_session,
    end_session_of,
    lock_own_session,
    resume_session,
)
from healthcloud.access.sessions.cookies import DEVICE_COOKIE, SESSION_COOKIE, device_of, forget_session, keep_session
from healthcloud.access.sessions.errors import NoSuchSession, SessionLocked, SessionOver
from healthcloud.access.sessions.looking import looking
from healthcloud.access.sessions.model import BareSession, OpenSession, SessionLine, device_name
from healthcloud.access.sessions.reads import (
    bare_sessions,
    caller_of_session,
    open_sessions,
    own_sessions,
    session_of,
    touch_session,
)
from healthcloud.access.sessions.store import forget_sessions
from healthcloud.access.tokens import AccountToken, read_token

__all__ = [
    "DEVICE_COOKIE",
    "SESSION_COOKIE",
    "AccountToken",
    "BareSession",
    "NoSuchSession",
    "OpenSession",
    "SessionLine",
    "SessionLocked",
    "SessionOver",
    "bare_sessions",
    "begin_session",
    "caller_of_session",
    "device_name",
    "device_of",
    "end_all_sessions",
    "end_own_session",
    "end_session",
    "end_session_of",
    "forget_session",
    "forget_sessions",
    "keep_session",
    "lock_own_session",
    "looking",
    "open_sessions",
    "own_sessions",
    "read_token",
    "resume_session",
    "session_of",
    "touch_session",
]
