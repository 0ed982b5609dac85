"""The bodies of the phones' HTTP interface."""

from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from healthcloud.core.http import Wish


class PhoneWish(Wish):
    """A phone to make codes by itself, and how its owner will know it; a resident leaves their own id out."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    person_id: UUID | None = None


class CertificateWish(Wish):
    """The key a phone made, base64url without padding, and its proof: docs/reference/offline-format.md."""

    public_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{87}$", description="04‖x‖y, 65 bytes. 未压缩公钥。")]
    minutes: Annotated[int, Field(ge=0, le=0xFFFFFFFF, description="Minutes since 1970 it signed. 签名分钟。")]
    proof: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$", description="r‖s over both, 64 bytes. 签名。")]
    person_id: UUID | None = None

    def key_proof(self) -> tuple[bytes, int, bytes]:
        """Return key, minute and signature as the action takes them."""
        return _bytes(self.public_key), self.minutes, _bytes(self.proof)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PhoneShown(BaseModel):
    """A phone that makes codes."""

    id: UUID
    label: str
    enrolled_at: datetime
    is_this_account: bool
