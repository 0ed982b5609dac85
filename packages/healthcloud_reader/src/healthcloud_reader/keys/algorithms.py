"""Algorithms as they are named in data; readers elsewhere know these texts."""

from enum import StrEnum


class Algorithm(StrEnum):
    """What a key of the platform works with: sealing, authenticating, signing."""

    SM4_GCM = "SM4-GCM"
    HMAC_SM3 = "HMAC-SM3"
    SM2_SM3 = "SM2-SM3"
    P256_SHA256 = "P-256-SHA-256"
    ED25519 = "Ed25519"
