"""
The city's certificate for a phone's key: who the holder is, enough to compare with who stands there, for a few days.

    certificate = body ‖ city signature (64 bytes over "EHC1-CERT" ‖ 0 ‖ body)

docs/reference/offline-format.md lays out the body; integers are big-endian.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from unicodedata import category

from healthcloud_reader.keys import Algorithm, PublicKey
from healthcloud_reader.reasons import Reason, Unreadable

VERSION = 1
SIGNATURE_LENGTH = 64
MAX_LIFETIME = 7 * 24 * 60
EARLY_MINUTES = 5  # the clocks of city and phone may differ, and an issue after a correction bears the next minute
MAX_NAME = 36
MAX_SLOT = 254
SEXES = (0, 1, 2, 9)
_FIXED = Struct(">BB8s32sBH33sIHBBHB")
_ALGORITHMS = {1: Algorithm.SM2_SM3, 2: Algorithm.P256_SHA256, 3: Algorithm.ED25519}
_NUMBERS = {algorithm: number for number, algorithm in _ALGORITHMS.items()}
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_UNPRINTED = frozenset({"Cc", "Cf", "Zl", "Zp"})  # what could turn or break the line a name stands in
_SIGNS = b"\2\3"  # how a compressed point begins
_POINT_LENGTH = 33
_CARD_ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Certificate:
    """
    What the city says of a phone's key.

    `algorithm` and `city_key` (a PublicKey's id) name the city's key, `phone_key` is a compressed P-256 point;
    `issued` counts minutes since 1970, `lifetime` minutes; `level` is the real-name level, `sex` GB/T 2261.1; `name`
    is masked (张*兰), at most 36 bytes of UTF-8. Raises ValueError where a value does not fit its field.
    """

    algorithm: Algorithm
    city_key: str
    card_id: bytes
    slot: int
    epoch: int
    phone_key: bytes
    issued: int
    lifetime: int
    level: int
    sex: int
    birth_year: int
    name: str

    def __post_init__(self) -> None:
        """Hold every field to the format, whoever fills it."""
        fits = (
            self.algorithm in _NUMBERS
            and _KEY_ID.fullmatch(self.city_key) is not None
            and len(self.card_id) == _CARD_ID_LENGTH
            and 1 <= self.slot <= MAX_SLOT
            and 0 <= self.epoch <= 0xFFFF  # noqa: PLR2004 - two bytes
            and len(self.phone_key) == _POINT_LENGTH
            and self.phone_key[0] in _SIGNS
            and 0 <= self.issued <= 0xFFFF_FFFF  # noqa: PLR2004 - four bytes
            and 1 <= self.lifetime <= MAX_LIFETIME
            and 0 <= self.level <= 0xFF  # noqa: PLR2004 - one byte
            and self.sex in SEXES
            and 0 <= self.birth_year <= 0xFFFF  # noqa: PLR2004 - two bytes
            and 1 <= len(self.name.encode()) <= MAX_NAME
            and not any(category(character) in _UNPRINTED for character in self.name)
        )
        if not fits:
            message = "a field of the certificate is out of its range"
            raise ValueError(message)

    @property
    def expires(self) -> int:
        """The minute since 1970 from which it is worth nothing."""
        return self.issued + self.lifetime

    def live_at(self, step: int) -> bool:
        """Tell whether a code of this step may stand on it: from its minute, less five for clocks, until it expires."""
        return self.issued - EARLY_MINUTES <= step < self.expires

    def body(self) -> bytes:
        """Write what the city signs."""
        name = self.name.encode()
        fixed = _FIXED.pack(
            VERSION,
            _NUMBERS[self.algorithm],
            bytes.fromhex(self.city_key),
            self.card_id,
            self.slot,
            self.epoch,
            self.phone_key,
            self.issued,
            self.lifetime,
            self.level,
            self.sex,
            self.birth_year,
            len(name),
        )
        return fixed + name

    def encode(self, signature: bytes) -> bytes:
        """Write the certificate with the city's 64-byte signature over `certificate_message(body)`."""
        return SignedCertificate(self, signature).encode()

    @staticmethod
    def decode(data: bytes) -> "SignedCertificate":
        """Read body and signature, nothing more and nothing less; raise Unreadable. Nothing is proven yet."""
        signed, rest = read_certificate(data)
        if rest:
            raise Unreadable(Reason.DEVICE_LENGTH)
        return signed


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A certificate with the city's signature, 64 bytes; whether that is right, `signed_by` tells."""

    certificate: Certificate
    signature: bytes

    def __post_init__(self) -> None:
        """Hold the signature to its length."""
        if len(self.signature) != SIGNATURE_LENGTH:
            message = "the city's signature has 64 bytes"
            raise ValueError(message)

    def encode(self) -> bytes:
        """Write body and signature."""
        return self.certificate.body() + self.signature

    @property
    def digest(self) -> bytes:
        """SHA-256 of all of it: what a checked certificate is remembered by, for whoever saw exactly these bytes."""
        return sha256(self.encode()).digest()

    def signed_by(self, key: PublicKey) -> bool:
        """Tell whether this key is the one the certificate names, and signed it."""
        stated = self.certificate
        named = key.algorithm == stated.algorithm and key.id == stated.city_key
        return named and key.verifies(certificate_message(stated.body()), self.signature)


def certificate_message(body: bytes) -> bytes:
    """Return what the city signs over a body."""
    return b"EHC1-CERT\0" + body


def key_proof_message(phone_id: bytes, minutes: int) -> bytes:
    """Return what a phone signs with its new key to be certified: its 16-byte id and the minute since 1970."""
    return b"EHC1-KEY\0" + phone_id + minutes.to_bytes(4, "big")


def read_certificate(data: bytes) -> tuple[SignedCertificate, bytes]:
    """Read a certificate and hand on what follows it; raise Unreadable."""
    if not data:
        raise Unreadable(Reason.DEVICE_LENGTH)
    if data[0] != VERSION:
        raise Unreadable(Reason.DEVICE_VERSION)
    if len(data) < _FIXED.size:
        raise Unreadable(Reason.DEVICE_LENGTH)
    _, number, city_key, card_id, slot, epoch, phone_key, issued, lifetime, level, sex, year, length = (
        _FIXED.unpack_from(data)
    )
    end = _FIXED.size + length
    if len(data) < end + SIGNATURE_LENGTH:
        raise Unreadable(Reason.DEVICE_LENGTH)
    if number not in _ALGORITHMS:
        raise Unreadable(Reason.DEVICE_CONTENT)
    try:
        name = data[_FIXED.size : end].decode()
        algorithm, city = _ALGORITHMS[number], city_key.hex()
        certificate = Certificate(
            algorithm, city, card_id, slot, epoch, phone_key, issued, lifetime, level, sex, year, name
        )
    except ValueError as error:  # a UnicodeDecodeError is one
        raise Unreadable(Reason.DEVICE_CONTENT) from error
    end += SIGNATURE_LENGTH
    return SignedCertificate(certificate, data[end - SIGNATURE_LENGTH : end]), data[end:]
