"""Your own standing with the city: does the signature hold, and what time is it there (时间一致性)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from healthcloud_sdk.calls import Call, get


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom the signature was accepted for; `server_time` is in Unix seconds."""

    client_id: UUID
    institution_id: UUID | None
    key_id: UUID | None
    scopes: tuple[str, ...]
    body_bytes: int
    server_time: int

    @property
    def at(self) -> datetime:
        """The city's time."""
        return datetime.fromtimestamp(self.server_time, UTC)


def who_am_i() -> Call[SignedIn]:
    """Try a signature on nothing 验证签名: who you are, what you may do, and the city's time."""
    return get(SignedIn, "/access/signature")
