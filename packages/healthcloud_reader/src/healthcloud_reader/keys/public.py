"""Public keys: named by their own digest, written the same short way for every algorithm, verified by anyone."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from textwrap import wrap

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcloud_reader.digests import sm3
from healthcloud_reader.keys.algorithms import Algorithm
from healthcloud_reader.keys.errors import KeyUnreadable
from healthcloud_reader.keys.sm2 import SIGNATURE_LENGTH, SPKI_PREFIX, Sm2PublicKey

_HALF = SIGNATURE_LENGTH // 2
_ECDSA = ECDSA(SHA256())
_HEAD, _FOOT = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"

# Everything before the key itself in a SubjectPublicKeyInfo (RFC 5280 section 4.1), constant for each algorithm.
_PREFIXES = {
    Algorithm.SM2_SM3: SPKI_PREFIX,
    Algorithm.P256_SHA256: bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
    Algorithm.ED25519: bytes.fromhex("302a300506032b6570032100"),
}

Verify = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """
    A public key: `value` is the 65-byte point 04‖x‖y for SM2-SM3 and P-256-SHA-256, 32 bytes for Ed25519.

    Signatures are 64 bytes for each of them: r‖s big-endian, or RFC 8032's own. Never use them as an identifier: who
    holds none of the keys can still make a second valid signature from a first.
    """

    algorithm: Algorithm
    value: bytes

    @property
    def id(self) -> str:
        """16 hexadecimal digits of SM3 over algorithm and key: the same wherever the key is known."""
        return sm3(self.algorithm.encode() + b"\0" + self.value)[:8].hex()

    @classmethod
    def from_point(cls, compressed: bytes) -> "PublicKey":
        """Read a compressed P-256 point, 33 bytes; raise KeyUnreadable when it is not on the curve."""
        try:
            key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), compressed)
        except ValueError as error:
            raise KeyUnreadable from error
        return cls(Algorithm.P256_SHA256, key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def compressed(self) -> bytes:
        """Write a point the short way: 33 bytes, the sign of y and x."""
        return bytes((2 + self.value[-1] % 2,)) + self.value[1 : 1 + _HALF]

    def verifier(self) -> Verify:
        """Prepare verification under this key for who keeps it; raise KeyUnreadable when the key itself is none."""
        return partial(_checked, _prepared(self))

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed this message; raise KeyUnreadable when the key itself is none."""
        return _checked(_verifier(self), message, signature)

    def pem(self) -> str:
        """Write the key as a PEM SubjectPublicKeyInfo, which `openssl` and hospital systems read."""
        body = b64encode(_PREFIXES[self.algorithm] + self.value).decode()
        return "\n".join([_HEAD, *wrap(body, 64), _FOOT, ""])

    @classmethod
    def from_pem(cls, text: str) -> "PublicKey":
        """Read a PEM SubjectPublicKeyInfo with an uncompressed point; raise KeyUnreadable when it is anything else."""
        lines = text.strip().splitlines()
        if len(lines) < len((_HEAD, _FOOT)) or lines[0].strip() != _HEAD or lines[-1].strip() != _FOOT:
            raise KeyUnreadable
        try:
            der = b64decode("".join(line.strip() for line in lines[1:-1]), validate=True)
        except NotBase64 as error:
            raise KeyUnreadable from error
        for algorithm, prefix in _PREFIXES.items():
            if der.startswith(prefix):
                key = cls(algorithm, der[len(prefix) :])
                _verifier(key)
                return key
        raise KeyUnreadable


def _checked(verify: Verify, message: bytes, signature: bytes) -> bool:
    return len(signature) == SIGNATURE_LENGTH and verify(message, signature)


@lru_cache(maxsize=4096)
def _verifier(key: PublicKey) -> Verify:
    return _prepared(key)


def _prepared(key: PublicKey) -> Verify:
    if key.algorithm is Algorithm.SM2_SM3:
        return Sm2PublicKey(key.value).verifies
    if key.algorithm is Algorithm.P256_SHA256:
        return _p256_verifier(key.value)
    if key.algorithm is Algorithm.ED25519:
        return _ed25519_verifier(key.value)
    raise KeyUnreadable


def _p256_verifier(value: bytes) -> Verify:
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), value)
    except ValueError as error:
        raise KeyUnreadable from error

    def verify(message: bytes, signature: bytes) -> bool:
        r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
        try:
            key.verify(encode_dss_signature(r, s), message, _ECDSA)
        except InvalidSignature:
            return False
        return True

    return verify


def _ed25519_verifier(value: bytes) -> Verify:
    try:
        key = Ed25519PublicKey.from_public_bytes(value)
    except ValueError as error:
        raise KeyUnreadable from error

    def verify(message: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify
