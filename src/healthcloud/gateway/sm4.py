"""
SM4 in ECB with zero padding, as card platforms demand it of their partners (GB/T 32907); nothing else here uses it.

Equal blocks give equal ciphertext, and nothing proves that it was not altered: a digest beside it has to. A text that
ends in zero bytes loses them; JSON and Chinese text never do.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
_HEX = re.compile(r"(?:[0-9a-fA-F]{32})*")


class Spelling(StrEnum):
    """How ciphertext is written as text."""

    HEX = "hex"
    BASE64 = "base64"


class NotCiphertext(ValueError):
    """A text is no ciphertext of this key: neither hexadecimal nor Base64, or not of whole blocks."""


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Return the ciphertext; a plaintext of whole blocks is not padded."""
    encryptor = _cipher(key).encryptor()
    return encryptor.update(plain + bytes(-len(plain) % BLOCK)) + encryptor.finalize()


def decrypt(key: bytes, sealed: bytes) -> bytes:
    """Return the plaintext without the zero bytes at its end; raise NotCiphertext unless it is of whole blocks."""
    if len(sealed) % BLOCK:
        raise NotCiphertext
    decryptor = _cipher(key).decryptor()
    return (decryptor.update(sealed) + decryptor.finalize()).rstrip(b"\0")


def write(key: bytes, plain: bytes, spelling: Spelling = Spelling.HEX) -> str:
    """Return the ciphertext as text."""
    sealed = encrypt(key, plain)
    return sealed.hex() if spelling is Spelling.HEX else b64encode(sealed).decode()


def read(key: bytes, text: str) -> tuple[bytes, Spelling]:
    """Return the plaintext of a text, and how it was written; raise NotCiphertext."""
    if _HEX.fullmatch(text):
        return decrypt(key, bytes.fromhex(text)), Spelling.HEX
    try:
        return decrypt(key, b64decode(text, validate=True)), Spelling.BASE64
    except (Error, ValueError):
        raise NotCiphertext from None


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305 - the partners' interfaces prescribe it
