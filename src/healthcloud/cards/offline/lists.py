"""Signing the lists that travel ahead, with every live key: a reader may know only one of two during a switch."""

import msgspec

from healthcloud.cards.model import CITY_SIGNATURE
from healthcloud.core.crypto import Vault
from healthcloud_reader import sign_list

TRUST, DELTA, SNAPSHOT = "EHC-TRUST-1", "EHC-REVOKE-DELTA-1", "EHC-REVOKE-1"


def signed(vault: Vault, kind: str, payload: bytes) -> str:
    """Return a list of this type (`typ`) with its signatures, as JSON (RFC 7515 section 7.2.1)."""
    return msgspec.json.encode(sign_list(kind, payload, vault.signers(CITY_SIGNATURE)).document()).decode()
