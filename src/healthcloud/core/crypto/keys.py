"""
The port behind which keys live: a KeyStore hands out what can work with a key, never the key.

A file of software keys implements it (`filestore`); hardware behind PKCS#11 or SDF (GM/T 0018) implements the same
four small protocols, its keys staying inside the device.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from healthcloud.core.crypto.purposes import KeyState
from healthcloud_reader.keys import Algorithm, PublicKey


class Sealer(Protocol):
    """Authenticated encryption under one key."""

    def seal(self, bound: bytes, plain: bytes) -> bytes:
        """Return nonce, ciphertext and tag, the nonce fresh; `bound` is authenticated and not contained."""
        ...

    def open(self, bound: bytes, sealed: bytes) -> bytes:
        """Return the plain text, or raise SealBroken."""
        ...


class Maker(Protocol):
    """A keyed one-way function under one key: fingerprints and derived secrets."""

    def mac(self, data: bytes) -> bytes:
        """Return 32 bytes."""
        ...


class Signer(Protocol):
    """One key pair."""

    @property
    def public(self) -> PublicKey:
        """The half everybody may have."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this pair signed this message."""
        ...


Tool = TypeVar("Tool", bound=Sealer | Maker | Signer)


@dataclass(frozen=True, slots=True)
class Key(Generic[Tool]):
    """One key of a purpose; `number` counts from 1 to 65535 within the purpose and is never used again."""

    number: int
    algorithm: Algorithm
    state: KeyState
    created: datetime
    tool: Tool


@dataclass(frozen=True, slots=True)
class KeyRing(Generic[Tool]):
    """
    The live keys of a purpose: the current one first, then next, then previous.

    From `settles` on every process has seen the last step of the purpose's rotation.
    """

    purpose: str
    keys: tuple[Key[Tool], ...]
    settles: datetime

    @property
    def current(self) -> Key[Tool]:
        """The key new work is done with."""
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class SealRing(KeyRing[Sealer]):
    """Keys that seal."""


@dataclass(frozen=True, slots=True)
class FingerprintRing(KeyRing[Maker]):
    """Keys that make fingerprints."""


@dataclass(frozen=True, slots=True)
class DeriveRing(KeyRing[Maker]):
    """Masters that secrets are derived from."""


@dataclass(frozen=True, slots=True)
class SignRing(KeyRing[Signer]):
    """Keys that sign."""


AnyRing: TypeAlias = SealRing | FingerprintRing | DeriveRing | SignRing


class KeyStore(Protocol):
    """
    Where keys live.

    `ring` stands on hot paths: an implementation answers from memory, and its tools' calls are synchronous. Raises
    KeyMissing for a purpose it does not know.
    """

    def ring(self, purpose: str) -> AnyRing:
        """Return the purpose's live keys as they are now."""
        ...
