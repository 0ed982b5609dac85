r"""
The signature that partners of this kind ask for: HMAC-SHA-256 over method, path, time, nonce and body digest.

    METHOD\nPATH\nTIMESTAMP\nNONCE\nhex(SHA-256(body))\n

Headers: `X-App-Id`, `X-Timestamp` (Unix seconds), `X-Nonce` (16–64 characters), `X-Signature` (hex).
"""

import hashlib
import hmac
import time
from collections.abc import Mapping

WINDOW_SECONDS = 300
SHORTEST_NONCE, LONGEST_NONCE = 16, 64


def signature_fault(key: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return what is wrong with a request's signature, or None when it is right."""
    timestamp, nonce = headers.get("x-timestamp", ""), headers.get("x-nonce", "")
    if not headers.get("x-app-id") or not headers.get("x-signature"):
        return "X-App-Id or X-Signature is missing"
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > WINDOW_SECONDS:
        return f"X-Timestamp is no Unix time within {WINDOW_SECONDS} s of ours"
    if not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        return f"X-Nonce must have {SHORTEST_NONCE}–{LONGEST_NONCE} characters"
    text = f"{method}\n{path}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n"
    expected = hmac.digest(key.encode(), text.encode(), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), headers["x-signature"].encode()):
        return "X-Signature does not fit"
    return None
