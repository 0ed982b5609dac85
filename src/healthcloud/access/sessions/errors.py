"""What can go wrong with a session."""

from healthcloud.core.errors import NotFound, Unauthenticated


class SessionOver(Unauthenticated):
    """This session has ended; sign in again."""

    code = "session-over"
    zh = "登录已失效，请重新登录。"


class SessionLocked(Unauthenticated):
    """This session was left alone too long and is locked; unlock it with your one-time password or PIN."""

    code = "session-locked"
    zh = "会话因闲置已锁定，请用动态口令或 PIN 解锁。"
    who_acts = "clerk"


class NoSuchSession(NotFound):
    """You have no such session."""

    code = "no-such-session"
    zh = "您没有这一处登录。"
