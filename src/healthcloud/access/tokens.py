"""Random tokens people and browsers carry: they name their account, so that one place of the database can answer."""

import binascii
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud.core.crypto import sm3

RANDOM_BYTES = 32
_ID_BYTES = 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}")


@dataclass(frozen=True, slots=True)
class AccountToken:
    """An account's id and 256 random bits; only the digest is ever stored."""

    account_id: UUID
    secret: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SM3 of the random part: it is random enough to need no key."""
        return sm3(self.secret)

    @property
    def text(self) -> str:
        """64 characters that are safe in a URL and a cookie."""
        return urlsafe_b64encode(self.account_id.bytes + self.secret).decode()


def new_token(account_id: UUID) -> AccountToken:
    """Make a token for this account."""
    return AccountToken(account_id, secrets.token_bytes(RANDOM_BYTES))


def read_token(text: str) -> AccountToken | None:
    """Return the token a text spells, or None."""
    if not _SHAPE.fullmatch(text):
        return None
    try:
        plain = urlsafe_b64decode(text)
    except binascii.Error:
        return None
    return AccountToken(UUID(bytes=plain[:_ID_BYTES]), plain[_ID_BYTES:])
