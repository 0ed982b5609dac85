"""
Family C of the card platforms, the side that asks: SM3 digest over the plain content, then SM4 (domain page, §5).

    POST <url>  {"app_id", "term_id", "method", "timestamp", "version", "digest_type", "digest", "enc_type",
                 "biz_content"}

SM4-ECB with zero padding is the province's choice; it stays in this adapter.
"""

from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from healthcloud.core.crypto import sm3

VERSION = "X.M.0.1"
TERM_ID = "T1"
_BLOCK = 16


def envelope(app_id: str, secret: str, method: str, content: bytes, at: datetime) -> dict[str, str]:
    """Return a signed request whose content is encrypted; `secret` has 16 ASCII characters."""
    fields = {
        "app_id": app_id,
        "digest_type": "SM3",
        "enc_type": "SM4",
        "method": method,
        "term_id": TERM_ID,
        "timestamp": str(int(at.timestamp() * 1000)),
        "version": VERSION,
    }
    digest = sm3(string_to_sign(fields | {"biz_content": content.decode()}, secret)).hex()
    return fields | {"digest": digest, "biz_content": encrypted(secret.encode(), content).hex()}


def string_to_sign(fields: Mapping[str, str], secret: str) -> bytes:
    """Return what the digest covers: the fields by name, content in the clear, then the secret."""
    return ("&".join(f"{name}={fields[name]}" for name in sorted(fields)) + f"&app_secret={secret}").encode()


def encrypted(key: bytes, plain: bytes) -> bytes:
    """Encrypt by SM4-ECB with zero padding (GB/T 32907-2016)."""
    padded = plain + bytes(-len(plain) % _BLOCK)
    encryptor = Cipher(SM4(key), ECB()).encryptor()  # noqa: S305 - the province's choice; a digest beside it proves the text
    return encryptor.update(padded) + encryptor.finalize()
