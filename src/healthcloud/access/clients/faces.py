"""Keys of the faces that card platforms' own clients speak to: an app id and its secret (decision 0067)."""

import re
from dataclasses import dataclass, field

from healthcloud.access.clients.addresses import Networks
from healthcloud.access.clients.known import KnownKey
from healthcloud.access.clients.quotas import Bucket
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import sm3

_APP_ID = re.compile(r"[0-9a-fA-F]{32}")
_NONCE = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True, slots=True)
class AppKey:
    """A face's key: whose it is, and its secret of 16 ASCII characters. The face proves the digest with it."""

    caller: Caller
    secret: str = field(repr=False)
    networks: Networks = field(repr=False)
    bucket: Bucket = field(repr=False)


def app_key_of(known: KnownKey) -> AppKey:
    """Return a key as faces use it."""
    return AppKey(known.caller, known.secret, known.networks, known.bucket)


def key_text(app_id: str) -> str | None:
    """Return the key's UUID in small letters with hyphens; None for what is no app id."""
    if not _APP_ID.fullmatch(app_id):
        return None
    low = app_id.lower()
    return f"{low[:8]}-{low[8:12]}-{low[12:16]}-{low[16:20]}-{low[20:]}"


def nonce_text(nonce: str) -> str:
    """Return a nonce as it is noted; what a face allows beyond 64 plain characters is noted by its digest."""
    return nonce if _NONCE.fullmatch(nonce) else sm3(nonce.encode("utf-8", "surrogatepass")).hex()
