"""
The seal of the queue: SM4-GCM (RFC 8998) under a key of this reader.

It protects a stolen disk or a copied folder where the key is elsewhere; it does not protect from who may run programs
as this reader's user, nor from who takes the key file too. A KeyHolder over Windows' or Android's key store does more.
"""

import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

KEY_LENGTH = 16
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_BOUND = b"healthcloud-reader queue 1"


class KeyHolder(Protocol):
    """Keeps the reader's own secrets: 16 bytes that seal the queue, and the client's secret that signs uploads."""

    def seal_key(self) -> bytes:
        """Return the key of the queue, made when it is first asked for."""
        ...

    def client_secret(self) -> bytes | None:
        """Return the institution's client secret, or None where none was put."""
        ...

    def put_client_secret(self, secret: bytes) -> None:
        """Keep the institution's client secret."""
        ...


class FileKeyHolder:
    """Keeps both in files of mode 0600 in a folder, by default the reader's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def seal_key(self) -> bytes:
        """Return the queue's key; it is made and written through to the disk at first."""
        path = self._folder / "queue.key"
        if not path.exists():
            write_private(path, os.urandom(KEY_LENGTH))
        return path.read_bytes()

    def client_secret(self) -> bytes | None:
        """Return the client's secret."""
        path = self._folder / "client.key"
        return path.read_bytes() if path.exists() else None

    def put_client_secret(self, secret: bytes) -> None:
        """Write the client's secret."""
        write_private(self._folder / "client.key", secret)


class SealBroken(Exception):
    """A record of the queue does not open: it was altered, or sealed under another key."""


def seal(key: bytes, plain: bytes) -> bytes:
    """Return nonce, ciphertext and tag."""
    nonce = os.urandom(_NONCE_LENGTH)
    encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_BOUND)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes) -> bytes:
    """Return the plain text; raise SealBroken."""
    if len(sealed) < _NONCE_LENGTH + _TAG_LENGTH:
        raise SealBroken
    decryptor = Cipher(SM4(key), GCM(sealed[:_NONCE_LENGTH], sealed[-_TAG_LENGTH:])).decryptor()
    decryptor.authenticate_additional_data(_BOUND)
    plain = decryptor.update(sealed[_NONCE_LENGTH:-_TAG_LENGTH])
    try:
        return plain + decryptor.finalize()
    except InvalidTag as error:
        raise SealBroken from error


def write_private(path: Path, data: bytes) -> None:
    """Replace a file of mode 0600 by one of this content: at no moment is half of it there, whatever happens."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write a folder's names through to the disk, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
