"""
The public half of SM2 with SM3 (GB/T 32918.2-2016) on the recommended curve, through the system's OpenSSL.

The signer's id is always set: OpenSSL before 4.0 takes an empty one where nobody says so, and such signatures verify
nowhere else. Keys are shared between threads; each operation has a context of its own.
"""

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from healthcloud_reader.keys.errors import KeyUnreadable, Sm2Failed
from healthcloud_reader.keys.libcrypto import Foreign, libcrypto

SIGNER_ID = b"1234567812345678"  # GB/T 35276-2017 section 10
SIGNATURE_LENGTH = 64
POINT_LENGTH = 65
_HALF = SIGNATURE_LENGTH // 2

# Constant DER before a key on this curve in a SubjectPublicKeyInfo.
SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


class Sm2PublicKey:
    """An SM2 public key, from the 65-byte point 04‖x‖y; KeyUnreadable when that is not on the curve."""

    def __init__(self, point: bytes) -> None:
        if len(point) != POINT_LENGTH:
            raise KeyUnreadable
        self._key = read_key(libcrypto().lib.d2i_PUBKEY, SPKI_PREFIX + point)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this 64-byte r‖s was made for this message by the key's owner."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
        der = encode_dss_signature(r, s)
        crypto = libcrypto()
        lib = crypto.lib
        context = crypto.sound(lib.EVP_MD_CTX_new())
        try:
            begin(lib.EVP_DigestVerifyInit, context, self._key)
            outcome = lib.EVP_DigestVerify(context, der, len(der), message, len(message))
        finally:
            lib.EVP_MD_CTX_free(context)
        if outcome != 1:
            lib.ERR_clear_error()
        return bool(outcome == 1)


def begin(start: Foreign, context: Foreign, key: Foreign) -> None:
    """Begin a signature or its verification in this digest context, with the signer's id set."""
    crypto = libcrypto()
    key_context = crypto.ffi.new("EVP_PKEY_CTX **")  # belongs to the digest context and is freed with it
    crypto.sound(start(context, key_context, crypto.lib.EVP_sm3(), crypto.ffi.NULL, key))
    crypto.sound(crypto.lib.EVP_PKEY_CTX_set1_id(key_context[0], SIGNER_ID, len(SIGNER_ID)))


def read_key(read: Foreign, der: bytes) -> Foreign:
    """Read DER by one of OpenSSL's d2i functions; raise KeyUnreadable for anything but an SM2 key."""
    crypto = libcrypto()
    held = crypto.ffi.from_buffer("unsigned char[]", der)  # keeps the bytes in place while OpenSSL walks them
    try:
        key = crypto.owned(read(crypto.ffi.NULL, crypto.ffi.new("const unsigned char **", held), len(der)))
    except Sm2Failed as error:
        raise KeyUnreadable from error
    if crypto.lib.EVP_PKEY_is_a(key, b"SM2") != 1:
        raise KeyUnreadable
    return key
