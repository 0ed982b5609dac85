"""Keys in this process's own memory: good for development and pilots; they do not pass 密评."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcloud.core.crypto.errors import KeyUnreadable, SealBroken
from healthcloud.core.crypto.keys import Signer
from healthcloud.core.crypto.sm2 import Sm2PrivateKey
from healthcloud_reader.keys import Algorithm, PublicKey

SECRET_LENGTHS = {
    Algorithm.SM4_GCM: 16,
    Algorithm.HMAC_SM3: 32,
    Algorithm.SM2_SM3: 32,
    Algorithm.P256_SHA256: 32,
    Algorithm.ED25519: 32,
}
NONCE_LENGTH = 12
TAG_LENGTH = 16
_HALF = 32
_ECDSA = ECDSA(SHA256())


def new_secret(algorithm: Algorithm) -> bytes:
    """Make the secret of a new key: random bytes, or the private number of a new key pair."""
    if algorithm is Algorithm.SM2_SM3:
        return Sm2PrivateKey.generate().raw()
    if algorithm is Algorithm.P256_SHA256:
        return generate_private_key(SECP256R1()).private_numbers().private_value.to_bytes(_HALF, "big")
    return os.urandom(SECRET_LENGTHS[algorithm])


class Sm4Gcm:
    """SM4 (GB/T 32907-2016) in GCM as RFC 8998 has it: 12-byte random nonce, ciphertext, 16-byte tag."""

    __slots__ = ("_sm4",)

    def __init__(self, key: bytes) -> None:
        self._sm4 = SM4(key)

    def seal(self, bound: bytes, plain: bytes) -> bytes:
        """Return nonce, ciphertext and tag: 28 bytes more than the plain text."""
        nonce = os.urandom(NONCE_LENGTH)
        encryptor = Cipher(self._sm4, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, bound: bytes, sealed: bytes) -> bytes:
        """Return the plain text, or raise SealBroken."""
        if len(sealed) < NONCE_LENGTH + TAG_LENGTH:
            raise SealBroken
        decryptor = Cipher(self._sm4, GCM(sealed[:NONCE_LENGTH], sealed[-TAG_LENGTH:])).decryptor()
        decryptor.authenticate_additional_data(bound)
        plain = decryptor.update(sealed[NONCE_LENGTH:-TAG_LENGTH])
        try:
            return plain + decryptor.finalize()
        except InvalidTag as error:
            raise SealBroken from error


class Sm2Signer:
    """SM2 with SM3."""

    def __init__(self, secret: bytes) -> None:
        self._key = Sm2PrivateKey.from_raw(secret)
        self.public = PublicKey(Algorithm.SM2_SM3, self._key.point)

    def sign(self, message: bytes) -> bytes:
        """Return r‖s."""
        return self._key.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this pair signed this message."""
        return self.public.verifies(message, signature)


class P256Signer:
    """ECDSA on P-256 with SHA-256."""

    def __init__(self, secret: bytes) -> None:
        try:
            self._key = derive_private_key(int.from_bytes(secret, "big"), SECP256R1())
        except ValueError as error:
            raise KeyUnreadable from error
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = PublicKey(Algorithm.P256_SHA256, point)

    def sign(self, message: bytes) -> bytes:
        """Return r‖s."""
        r, s = decode_dss_signature(self._key.sign(message, _ECDSA))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this pair signed this message."""
        return self.public.verifies(message, signature)


class Ed25519Signer:
    """Ed25519 (RFC 8032)."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = PublicKey(Algorithm.ED25519, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return RFC 8032's 64 bytes."""
        return self._key.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this pair signed this message."""
        return self.public.verifies(message, signature)


def signer(algorithm: Algorithm, secret: bytes) -> Signer:
    """Return the signer for a stored secret."""
    if algorithm is Algorithm.SM2_SM3:
        return Sm2Signer(secret)
    if algorithm is Algorithm.P256_SHA256:
        return P256Signer(secret)
    return Ed25519Signer(secret)
