"""
SM2 signatures with SM3 (GB/T 32918.2-2016) on the recommended curve, through the system's OpenSSL.

The signer's id is always set: OpenSSL before 4.0 takes an empty one where nobody says so, and such signatures verify
nowhere else. Keys are shared between threads; each operation has a context of its own.
"""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from healthcloud.core.crypto.errors import KeyUnreadable, Sm2Failed
from healthcloud.core.crypto.libcrypto import Foreign, libcrypto

SIGNER_ID = b"1234567812345678"  # GB/T 35276-2017 section 10
PRIVATE_LENGTH = 32
SIGNATURE_LENGTH = 64
POINT_LENGTH = 65
_LONGEST_DER = 72
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

# Constant DER around a key on this curve: SubjectPublicKeyInfo, and PKCS #8 holding an ECPrivateKey without its point.
SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
PKCS8_PREFIX = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")


class Sm2PublicKey:
    """An SM2 public key, from the 65-byte point 04‖x‖y; KeyUnreadable when that is not on the curve."""

    def __init__(self, point: bytes) -> None:
        if len(point) != POINT_LENGTH:
            raise KeyUnreadable
        self._key = _read(SPKI_PREFIX + point, private=False)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this 64-byte r‖s was made for this message by the key's owner."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:PRIVATE_LENGTH], signature[PRIVATE_LENGTH:]))
        der = encode_dss_signature(r, s)
        crypto = libcrypto()
        lib = crypto.lib
        context = crypto.sound(lib.EVP_MD_CTX_new())
        try:
            _begin(lib.EVP_DigestVerifyInit, context, self._key)
            outcome = lib.EVP_DigestVerify(context, der, len(der), message, len(message))
        finally:
            lib.EVP_MD_CTX_free(context)
        if outcome != 1:
            lib.ERR_clear_error()
        return bool(outcome == 1)


class Sm2PrivateKey:
    """An SM2 key pair."""

    def __init__(self, key: Foreign) -> None:
        self._key = key
        self.point = _point(key)

    @classmethod
    def generate(cls) -> "Sm2PrivateKey":
        """Make a new key pair with OpenSSL's random numbers."""
        crypto = libcrypto()
        ffi, lib = crypto.ffi, crypto.lib
        context = crypto.sound(lib.EVP_PKEY_CTX_new_from_name(ffi.NULL, b"SM2", ffi.NULL))
        try:
            made = ffi.new("EVP_PKEY **")
            crypto.sound(lib.EVP_PKEY_keygen_init(context))
            crypto.sound(lib.EVP_PKEY_generate(context, made))
            return cls(crypto.owned(made[0]))
        finally:
            lib.EVP_PKEY_CTX_free(context)

    @classmethod
    def from_raw(cls, number: bytes) -> "Sm2PrivateKey":
        """Read the 32-byte private number; KeyUnreadable unless it lies in 1 … n-2."""
        if len(number) != PRIVATE_LENGTH or not 0 < int.from_bytes(number, "big") < _ORDER - 1:
            raise KeyUnreadable
        return cls(_read(PKCS8_PREFIX + number, private=True))

    @classmethod
    def from_der(cls, der: bytes) -> "Sm2PrivateKey":
        """Read PKCS #8 or SEC 1 DER, as `openssl genpkey -algorithm SM2 -outform DER` writes."""
        return cls(_read(der, private=True))

    def raw(self) -> bytes:
        """Return the 32-byte private number."""
        crypto = libcrypto()
        number = crypto.ffi.new("BIGNUM **")
        crypto.sound(crypto.lib.EVP_PKEY_get_bn_param(self._key, b"priv", number))
        try:
            value = crypto.ffi.new("unsigned char[]", PRIVATE_LENGTH)
            crypto.sound(crypto.lib.BN_bn2binpad(number[0], value, PRIVATE_LENGTH))
            return bytes(value)
        finally:
            crypto.lib.BN_clear_free(number[0])

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature r‖s."""
        crypto = libcrypto()
        lib = crypto.lib
        room = crypto.ffi.new("unsigned char[]", _LONGEST_DER)
        length = crypto.ffi.new("size_t *", _LONGEST_DER)
        context = crypto.sound(lib.EVP_MD_CTX_new())
        try:
            _begin(lib.EVP_DigestSignInit, context, self._key)
            crypto.sound(lib.EVP_DigestSign(context, room, length, message, len(message)))
        finally:
            lib.EVP_MD_CTX_free(context)
        r, s = decode_dss_signature(bytes(room[0 : length[0]]))
        return r.to_bytes(PRIVATE_LENGTH, "big") + s.to_bytes(PRIVATE_LENGTH, "big")


def _begin(start: Foreign, context: Foreign, key: Foreign) -> None:
    crypto = libcrypto()
    key_context = crypto.ffi.new("EVP_PKEY_CTX **")  # belongs to the digest context and is freed with it
    crypto.sound(start(context, key_context, crypto.lib.EVP_sm3(), crypto.ffi.NULL, key))
    crypto.sound(crypto.lib.EVP_PKEY_CTX_set1_id(key_context[0], SIGNER_ID, len(SIGNER_ID)))


def _read(der: bytes, *, private: bool) -> Foreign:
    crypto = libcrypto()
    read = crypto.lib.d2i_AutoPrivateKey if private else crypto.lib.d2i_PUBKEY
    held = crypto.ffi.from_buffer("unsigned char[]", der)  # keeps the bytes in place while OpenSSL walks them
    try:
        key = crypto.owned(read(crypto.ffi.NULL, crypto.ffi.new("const unsigned char **", held), len(der)))
    except Sm2Failed as error:
        raise KeyUnreadable from error
    if crypto.lib.EVP_PKEY_is_a(key, b"SM2") != 1:
        raise KeyUnreadable
    return key


def _point(key: Foreign) -> bytes:
    crypto = libcrypto()
    value, length = crypto.ffi.new("unsigned char[]", POINT_LENGTH), crypto.ffi.new("size_t *")
    crypto.sound(crypto.lib.EVP_PKEY_get_octet_string_param(key, b"encoded-pub-key", value, POINT_LENGTH, length))
    return bytes(value)
