"""
The vault: what features do with keys, said by purpose.

A sealed value is 1 byte version, 1 byte algorithm, 2 bytes key number, then nonce, ciphertext and tag: 32 bytes more
than the plain text. Its head, its purpose and its row are authenticated with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from healthcloud.core.crypto.errors import KeyMissing, SealBroken
from healthcloud.core.crypto.keys import (
    DeriveRing,
    FingerprintRing,
    Key,
    KeyStore,
    Sealer,
    SealRing,
    SignRing,
)
from healthcloud.core.crypto.purposes import KeyState
from healthcloud_reader.keys import Algorithm, PublicKey

HEAD_LENGTH = 4
_VERSION = 1
_CODES = {Algorithm.SM4_GCM: 1}
_STARTS = {algorithm: bytes((_VERSION, code)) for algorithm, code in _CODES.items()}

Ring = TypeVar("Ring", SealRing, FingerprintRing, DeriveRing, SignRing)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature with the names a reader needs: the PublicKey's id and the algorithm as written in data."""

    key: str
    algorithm: str
    value: bytes


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A line of a trust list: whom to believe, and since when; `next` is listed before its first signature."""

    public: PublicKey
    number: int
    state: KeyState
    created: datetime


class Vault:
    """
    Sealing, fingerprints, derived secrets and signatures, each under a purpose's own keys.

    Every method raises KeyMissing when the key store has no key of that use for the purpose.
    """

    __slots__ = ("__weakref__", "_store")

    def __init__(self, store: KeyStore) -> None:
        self._store = store

    def seal(self, purpose: str, row: bytes, plain: bytes) -> bytes:
        """
        Seal a value for the row it will be stored in: the row's key, and the column's name where a purpose has several.

        Measured: 7 µs for 200 bytes.
        """
        key = self._ring(purpose, SealRing).keys[0]
        head = _head(key)
        return head + key.tool.seal(_bound(head, purpose, row), plain)

    def sealer(self, purpose: str) -> Callable[[bytes, bytes], bytes]:
        """Return `seal` for many rows of one purpose at once, under the key that is current now."""
        key = self._ring(purpose, SealRing).keys[0]
        head, seal = _head(key), key.tool.seal
        bound = _bound(head, purpose, b"")
        return lambda row, plain: head + seal(bound + row, plain)

    def open(self, purpose: str, row: bytes, sealed: bytes) -> bytes:
        """Open a value sealed for this purpose and row; raise SealBroken."""
        head = sealed[:HEAD_LENGTH]
        for key in self._ring(purpose, SealRing).keys:
            if _head(key) == head:
                try:
                    return key.tool.open(_bound(head, purpose, row), sealed[HEAD_LENGTH:])
                except SealBroken:
                    raise SealBroken(purpose=purpose, key=key.number) from None
        raise SealBroken("sealed under no live key", purpose=purpose)

    def is_current(self, purpose: str, sealed: bytes) -> bool:
        """Tell whether this value is sealed under the current key; if not, open it and seal it again."""
        return sealed[:HEAD_LENGTH] == _head(self._ring(purpose, SealRing).keys[0])

    def fingerprint(self, purpose: str, text: str) -> bytes:
        """Return 32 bytes by which an exact, already normalised text is looked up, under the current key."""
        return self._ring(purpose, FingerprintRing).keys[0].tool.mac(text.encode())

    def fingerprints(self, purpose: str, text: str) -> tuple[bytes, ...]:
        """
        Return the text's fingerprint under every live key, the current one first.

        A registration claims a row for each of them, in sorted order so that two never wait for each other.
        """
        data = text.encode()
        return tuple(key.tool.mac(data) for key in self._ring(purpose, FingerprintRing).keys)

    def numbered_fingerprints(self, purpose: str, text: str) -> tuple[tuple[int, bytes], ...]:
        """Return the same with each key's number, for rows that must be found again when their key is retired."""
        data = text.encode()
        return tuple((key.number, key.tool.mac(data)) for key in self._ring(purpose, FingerprintRing).keys)

    def fingerprinter(self, purpose: str) -> Callable[[str], list[tuple[int, bytes]]]:
        """Return `numbered_fingerprints` for many texts at once, under the keys that are live now."""
        macs = [(key.number, key.tool.mac) for key in self._ring(purpose, FingerprintRing).keys]

        def fingerprints(text: str) -> list[tuple[int, bytes]]:
            data = text.encode()
            return [(number, mac(data)) for number, mac in macs]

        return fingerprints

    def derive(self, purpose: str, info: bytes) -> tuple[bytes, ...]:
        """Return the 32-byte secret for `info` from every live master, the current one first."""
        return tuple(key.tool.mac(info) for key in self._ring(purpose, DeriveRing).keys)

    def sign(self, purpose: str, message: bytes) -> Signature:
        """Sign with the current key."""
        key = self._ring(purpose, SignRing).keys[0]
        return Signature(key.tool.public.id, key.algorithm, key.tool.sign(message))

    def signers(self, purpose: str) -> tuple[tuple[PublicKey, Callable[[bytes], bytes]], ...]:
        """Return every live key that signs, the current one first, for readers that may trust only one of them."""
        return tuple((key.tool.public, key.tool.sign) for key in self._ring(purpose, SignRing).keys)

    def verify(self, purpose: str, message: bytes, signature: Signature) -> bool:
        """Tell whether a live key of this purpose, and the one the signature names, signed this message."""
        for key in self._ring(purpose, SignRing).keys:
            if key.tool.public.id == signature.key and key.algorithm == signature.algorithm:
                return key.tool.verify(message, signature.value)
        return False

    def trust_list(self, purpose: str) -> tuple[TrustedKey, ...]:
        """Return the public keys a reader without network must know, the current one first."""
        return tuple(
            TrustedKey(key.tool.public, key.number, key.state, key.created)
            for key in self._ring(purpose, SignRing).keys
        )

    def settled(self, purpose: str, now: datetime) -> bool:
        """Tell whether every process knows the purpose's keys as they are: before that no backfill may begin."""
        return now >= self._store.ring(purpose).settles

    def _ring(self, purpose: str, kind: type[Ring]) -> Ring:
        ring = self._store.ring(purpose)
        if not isinstance(ring, kind):
            raise KeyMissing("its keys have another use", purpose=purpose)
        return ring


def _head(key: Key[Sealer]) -> bytes:
    return _STARTS[key.algorithm] + key.number.to_bytes(2, "big")


def _bound(head: bytes, purpose: str, row: bytes) -> bytes:
    return b"%b%b\0%b" % (head, purpose.encode(), row)  # no purpose name holds a zero byte
