"""appToken: which app asks, for two hours; made by the city's key, so that any process knows it and none keeps it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use, Vault, same
from healthcloud.gateway.tencent.errors import AppTokenExpired, AppTokenWrong

MADE_BY = "gateway.tencent-token"
PURPOSES = (Purpose(MADE_BY, Use.DERIVE),)
LIVES_SECONDS = 7200
_HEAD, _MAC = 16 + 5, 18


def make_token(vault: Vault, app_id: UUID | None, now: datetime) -> str:
    """Return a token for an app's key, good for two hours from now; raise AppTokenWrong for a caller without one."""
    if app_id is None:
        raise AppTokenWrong
    head = app_id.bytes + (int(now.timestamp()) + LIVES_SECONDS).to_bytes(5, "big")
    return urlsafe_b64encode(head + vault.derive(MADE_BY, head)[0][:_MAC]).decode()


def read_token(vault: Vault, token: str, now: datetime) -> str:
    """Return the app id a token was made for; raise AppTokenWrong or AppTokenExpired."""
    try:
        raw = urlsafe_b64decode(token.encode())
    except (NotBase64, ValueError):
        raise AppTokenWrong from None
    head, mac = raw[:_HEAD], raw[_HEAD:]
    if len(raw) != _HEAD + _MAC or not any(same(one[:_MAC], mac) for one in vault.derive(MADE_BY, head)):
        raise AppTokenWrong
    if int.from_bytes(head[16:], "big") <= now.timestamp():
        raise AppTokenExpired
    return UUID(bytes=head[:16]).hex
