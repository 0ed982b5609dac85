r"""
Signing, as the city's decision 0011 tells it.

    Authorization: HC1-HMAC-SM3 key="<key id>",timestamp="<Unix seconds>",nonce="<16–64>",signature="<base64>"

over `METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(SM3(body))\n`, TARGET being path and query as they are sent.
"""

import hashlib
import hmac
import json
import secrets
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

_SCHEMES = {"HMAC-SM3": "HC1-HMAC-SM3", "HMAC-SHA-256": "HC1-HMAC-SHA256"}


class KeyUnusable(ValueError):
    """This file holds no key of this kind; expected are key_id, algorithm and secret."""

    zh = "此文件中没有可用的密钥；应含 key_id、algorithm、secret。"


class Signer(Protocol):
    """Whoever signs: a `Key`, or hardware of yours that holds one (a PKCS#11 token, an SM2 key pair)."""

    @property
    def key_id(self) -> str:
        """The key's id, a UUID in small letters."""
        ...

    @property
    def scheme(self) -> str:
        """The scheme of the header: HC1-HMAC-SM3, HC1-HMAC-SHA256 or HC1-SM2."""
        ...

    def digest(self, body: bytes) -> str:
        """Return the body's digest in hexadecimal: SM3, or SHA-256 for the scheme that has it."""
        ...

    def sign(self, text: bytes) -> bytes:
        """Return the signature's bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Key:
    """An HMAC key of a client, as `healthcloud client key add` wrote it."""

    key_id: str
    algorithm: str
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, path: str | Path) -> "Key":
        """Read a key file; raise KeyUnusable, OSError."""
        try:
            told = json.loads(Path(path).read_text(encoding="utf-8"))
            key = cls(str(told["key_id"]), str(told["algorithm"]), b64decode(told["secret"], validate=True))
        except (ValueError, TypeError, KeyError):
            raise KeyUnusable from None
        if key.algorithm not in _SCHEMES:
            raise KeyUnusable
        return key

    @property
    def scheme(self) -> str:
        """The scheme of the header."""
        return _SCHEMES[self.algorithm]

    def digest(self, body: bytes) -> str:
        """Return the body's digest in hexadecimal."""
        if self.algorithm == "HMAC-SHA-256":
            return hashlib.sha256(body).hexdigest()
        state = hashes.Hash(hashes.SM3())
        state.update(body)
        return state.finalize().hex()

    def sign(self, text: bytes) -> bytes:
        """Return the 32 bytes of the code."""
        if self.algorithm == "HMAC-SHA-256":
            return hmac.digest(self.secret, text, "sha256")
        state = HMAC(self.secret, hashes.SM3())
        state.update(text)
        return state.finalize()


def authorization(
    key: Signer, method: str, target: str, body: bytes = b"", *, at: int | None = None, nonce: str | None = None
) -> str:
    """Return the header for one request; time and nonce are made now unless given. A nonce is good once."""
    moment, once = str(int(time.time()) if at is None else at), nonce or secrets.token_hex(16)
    text = f"{method}\n{target}\n{moment}\n{once}\n{key.digest(body)}\n".encode("ascii")
    signature = b64encode(key.sign(text)).decode()
    return f'{key.scheme} key="{key.key_id}",timestamp="{moment}",nonce="{once}",signature="{signature}"'
