"""
The system's OpenSSL 3, opened as it stands (cffi ABI mode): no compiler, nothing bundled.

Only what SM2 needs is declared. Two families of names are used: EVP_PKEY_* for keys, EVP_DigestSign/Verify for use.
"""

import ctypes.util
from functools import cache
from threading import Lock
from typing import Any

from cffi import FFI  # type: ignore[import-untyped]  # cffi ships no types

from healthcloud_reader.keys.errors import Sm2Failed, Sm2Unavailable

NAMES = ("libcrypto.so.3", "libcrypto.so.4", "libcrypto.3.dylib")
OLDEST = 0x30000000
_LONGEST_ERROR = 256
_opening = Lock()

_DECLARATIONS = """
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct bignum_st BIGNUM;

unsigned long OpenSSL_version_num(void);
unsigned long ERR_get_error(void);
void ERR_clear_error(void);
void ERR_error_string_n(unsigned long code, char *text, size_t length);

EVP_PKEY_CTX *EVP_PKEY_CTX_new_from_name(void *library, const char *name, const char *properties);
void EVP_PKEY_CTX_free(EVP_PKEY_CTX *context);
int EVP_PKEY_keygen_init(EVP_PKEY_CTX *context);
int EVP_PKEY_generate(EVP_PKEY_CTX *context, EVP_PKEY **key);
int EVP_PKEY_CTX_set1_id(EVP_PKEY_CTX *context, const void *id, int length);

EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **key, const unsigned char **der, long length);
EVP_PKEY *d2i_PUBKEY(EVP_PKEY **key, const unsigned char **der, long length);
int EVP_PKEY_is_a(const EVP_PKEY *key, const char *name);
int EVP_PKEY_get_octet_string_param(
    const EVP_PKEY *key, const char *name, unsigned char *value, size_t room, size_t *length);
int EVP_PKEY_get_bn_param(const EVP_PKEY *key, const char *name, BIGNUM **value);
void EVP_PKEY_free(EVP_PKEY *key);
int BN_bn2binpad(const BIGNUM *number, unsigned char *value, int length);
void BN_clear_free(BIGNUM *number);

const EVP_MD *EVP_sm3(void);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *context);
int EVP_DigestSignInit(
    EVP_MD_CTX *context, EVP_PKEY_CTX **key_context, const EVP_MD *digest, void *engine, EVP_PKEY *key);
int EVP_DigestSign(
    EVP_MD_CTX *context, unsigned char *signature, size_t *length, const unsigned char *data, size_t data_length);
int EVP_DigestVerifyInit(
    EVP_MD_CTX *context, EVP_PKEY_CTX **key_context, const EVP_MD *digest, void *engine, EVP_PKEY *key);
int EVP_DigestVerify(
    EVP_MD_CTX *context, const unsigned char *signature, size_t length, const unsigned char *data, size_t data_length);
"""

Foreign = Any  # cffi's objects carry no Python types; they stay inside this module and the two halves of SM2


class LibCrypto:
    """An opened libcrypto with the little that makes it pleasant: checks and error texts."""

    def __init__(self, ffi: FFI, lib: Foreign) -> None:
        self.ffi = ffi
        self.lib = lib

    def sound(self, outcome: Foreign) -> Foreign:
        """Hand the outcome on, or raise Sm2Failed with OpenSSL's reason where it is 0, negative or NULL."""
        if outcome == self.ffi.NULL if isinstance(outcome, self.ffi.CData) else outcome <= 0:
            raise Sm2Failed(self.reason())
        return outcome

    def reason(self) -> str:
        """Return the first error OpenSSL has noted for this thread, and forget them all."""
        code = self.lib.ERR_get_error()
        self.lib.ERR_clear_error()
        text = self.ffi.new("char[]", _LONGEST_ERROR)
        self.lib.ERR_error_string_n(code, text, _LONGEST_ERROR)
        return str(self.ffi.string(text).decode(errors="replace"))

    def owned(self, key: Foreign) -> Foreign:
        """Have this EVP_PKEY freed when Python forgets it."""
        return self.ffi.gc(self.sound(key), self.lib.EVP_PKEY_free)


def libcrypto() -> LibCrypto:
    """Open the library once in each process; raise Sm2Unavailable where there is none of version 3 or it lacks SM2."""
    with _opening:  # two threads that ask first would open it twice, and keys of one opening are strangers to the other
        return _opened()


@cache
def _opened() -> LibCrypto:
    ffi = FFI()
    ffi.cdef(_DECLARATIONS)
    for name in (*NAMES, ctypes.util.find_library("crypto")):
        try:
            lib = ffi.dlopen(name) if name else None
        except OSError:
            continue
        if lib is not None and _knows_sm2(ffi, lib):
            return LibCrypto(ffi, lib)
    raise Sm2Unavailable


def _knows_sm2(ffi: FFI, lib: Foreign) -> bool:
    try:
        if lib.OpenSSL_version_num() < OLDEST:
            return False
    except AttributeError:  # a library before 1.1, which has no such function
        return False
    context = lib.EVP_PKEY_CTX_new_from_name(ffi.NULL, b"SM2", ffi.NULL)
    lib.ERR_clear_error()
    if context == ffi.NULL:
        return False
    lib.EVP_PKEY_CTX_free(context)
    return True
