"""What a session is; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.access.roles import Grant

SEEN_AGAIN = timedelta(minutes=1)  # a request moves the idle limit at most this often

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its account and one of its grants, or none: a session is as many rows as it has grants."""

    id: UUID
    account_id: UUID
    kind: str
    state: str
    institution_id: UUID | None
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime
    ended_at: datetime | None
    role: str | None
    role_institution_id: UUID | None
    granted_by: UUID | None
    granted_at: datetime | None
    role_expires_at: datetime | None
    mac: bytes | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has neither ended nor expired, of an active account; it may be locked."""

    id: UUID
    account_id: UUID
    kind: str
    institution_id: UUID | None
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime
    grants: tuple[Grant, ...]

    def is_locked(self, at: datetime) -> bool:
        """Tell whether it was left alone too long."""
        return self.idle_until <= at


@dataclass(frozen=True, slots=True)
class BareSession:
    """An open session without its account's grants: enough to know a resident by."""

    account_id: UUID
    token_hash: bytes
    id: UUID
    kind: str
    seen_at: datetime
    idle_until: datetime

    def is_locked(self, at: datetime) -> bool:
        """Tell whether it was left alone too long."""
        return self.idle_until <= at


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that has just ended, and the kind of its account."""

    id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A signed-in device as its owner sees it."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def open_session(rows: list[SessionRow], at: datetime) -> OpenSession | None:
    """Put a session together from its rows; None when it has ended, expired, or its account is not active."""
    if not rows:
        return None
    first = rows[0]
    if first.ended_at is not None or first.expires_at <= at or first.state != "active":
        return None
    grants = tuple(
        Grant(
            row.account_id, row.role, row.role_institution_id, row.granted_by, row.granted_at, row.role_expires_at, mac
        )
        for row in rows
        if row.role is not None and row.granted_by is not None and row.granted_at is not None and (mac := row.mac)
    )
    return OpenSession(
        first.id,
        first.account_id,
        first.kind,
        first.institution_id,
        first.seen_at,
        first.idle_until,
        first.expires_at,
        grants,
    )


def device_name(user_agent: str) -> str:
    """Return what people call this device: `微信 · Android`, never the whole header."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return " · ".join(part for part in (browser, system) if part) or "其他设备"
