"""Cryptography by purpose: seal, fingerprint, derive, sign; which algorithm and which key is the key store's affair."""

from healthcloud.core.crypto.errors import KeyUnreadable, SealBroken
from healthcloud.core.crypto.filestore import FileKeyStore, create_development_keys, create_keys
from healthcloud.core.crypto.keys import Key, KeyRing, KeyStore
from healthcloud.core.crypto.purposes import KeyState, Purpose, Use
from healthcloud.core.crypto.vault import Signature, TrustedKey, Vault
from healthcloud_reader.digests import HmacSm3, hmac_sha256, hmac_sm3, same, sm3
from healthcloud_reader.keys import Algorithm, PublicKey

__all__ = [
    "Algorithm",
    "FileKeyStore",
    "HmacSm3",
    "Key",
    "KeyRing",
    "KeyState",
    "KeyStore",
    "KeyUnreadable",
    "PublicKey",
    "Purpose",
    "SealBroken",
    "Signature",
    "TrustedKey",
    "Use",
    "Vault",
    "create_development_keys",
    "create_keys",
    "hmac_sha256",
    "hmac_sm3",
    "same",
    "sm3",
]
