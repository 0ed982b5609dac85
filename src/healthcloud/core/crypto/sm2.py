"""
The private half of SM2 with SM3 (GB/T 32918.2-2016), through the system's OpenSSL; the public half is the reader's.

Keys are shared between threads; each operation has a context of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from healthcloud.core.crypto import errors
from healthcloud_reader import keys
from healthcloud_reader.keys.libcrypto import Foreign, libcrypto
from healthcloud_reader.keys.sm2 import POINT_LENGTH, begin, read_key

PRIVATE_LENGTH = 32
_LONGEST_DER = 72
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

# Constant DER before the number in a PKCS #8 that holds an ECPrivateKey without its point.
PKCS8_PREFIX = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")


@contextmanager
def _as_problems() -> Iterator[None]:
    """Tell what the reader's half says as problems people can act on."""
    try:
        yield
    except keys.Sm2Unavailable as fault:
        raise errors.Sm2Unavailable from fault
    except keys.Sm2Failed as fault:
        raise errors.Sm2Failed(str(fault)) from fault
    except keys.KeyUnreadable as fault:
        raise errors.KeyUnreadable from fault


class Sm2PrivateKey:
    """An SM2 key pair."""

    def __init__(self, key: Foreign) -> None:
        self._key = key
        self.point = _point(key)

    @classmethod
    @_as_problems()
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
    @_as_problems()
    def from_raw(cls, number: bytes) -> "Sm2PrivateKey":
        """Read the 32-byte private number; KeyUnreadable unless it lies in 1 … n-2."""
        if len(number) != PRIVATE_LENGTH or not 0 < int.from_bytes(number, "big") < _ORDER - 1:
            raise errors.KeyUnreadable
        return cls(_read(PKCS8_PREFIX + number))

    @classmethod
    @_as_problems()
    def from_der(cls, der: bytes) -> "Sm2PrivateKey":
        """Read PKCS #8 or SEC 1 DER, as `openssl genpkey -algorithm SM2 -outform DER` writes."""
        return cls(_read(der))

    @_as_problems()
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

    @_as_problems()
    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature r‖s."""
        crypto = libcrypto()
        lib = crypto.lib
        room = crypto.ffi.new("unsigned char[]", _LONGEST_DER)
        length = crypto.ffi.new("size_t *", _LONGEST_DER)
        context = crypto.sound(lib.EVP_MD_CTX_new())
        try:
            begin(lib.EVP_DigestSignInit, context, self._key)
            crypto.sound(lib.EVP_DigestSign(context, room, length, message, len(message)))
        finally:
            lib.EVP_MD_CTX_free(context)
        r, s = decode_dss_signature(bytes(room[0 : length[0]]))
        return r.to_bytes(PRIVATE_LENGTH, "big") + s.to_bytes(PRIVATE_LENGTH, "big")


def _read(der: bytes) -> Foreign:
    return read_key(libcrypto().lib.d2i_AutoPrivateKey, der)


def _point(key: Foreign) -> bytes:
    crypto = libcrypto()
    value, length = crypto.ffi.new("unsigned char[]", POINT_LENGTH), crypto.ffi.new("size_t *")
    crypto.sound(crypto.lib.EVP_PKEY_get_octet_string_param(key, b"encoded-pub-key", value, POINT_LENGTH, length))
    return bytes(value)
