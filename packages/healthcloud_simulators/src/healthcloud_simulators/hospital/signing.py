r"""
How each way in signs; a second implementation, written from the interfaces' pages and not from the city's code.

Own API: `METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(SM3(body))\n`, HMAC-SM3, base64. Family B: SM3 over `k=v&…&key=SECRET`,
upper-case hex, head and body apart. Family C: SM3 over `k=v&…&app_secret=SECRET` with the content in the clear, hex.
Tencent: SHA-256 over `k=v&…SECRET`, base64.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from healthcloud_simulators.hospital.ciphers import hmac_sm3, sm3


def own_string(method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Return the five lines."""
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n{sm3(body).hex()}\n"


def own_header(key: str, secret: str, text: str, timestamp: str, nonce: str) -> str:
    """Return the Authorization header; `secret` is base64."""
    signature = b64encode(hmac_sm3(b64decode(secret), text.encode())).decode()
    return f'HC1-HMAC-SM3 key="{key}",timestamp="{timestamp}",nonce="{nonce}",signature="{signature}"'


def pairs(fields: Mapping[str, Any]) -> str:
    """Write fields as `k=v&k=v`, sorted, without what is empty; what is no text as compact JSON."""
    said = {name: text for name, value in fields.items() if (text := _text(value)).strip()}
    return "&".join(f"{name}={said[name]}" for name in sorted(said))


def family_b_sign(fields: Mapping[str, Any], secret: str) -> str:
    """Sign a head or a body of family B."""
    return sm3(f"{pairs(fields)}&key={secret}".encode()).hex().upper()


def family_c_string(fields: Mapping[str, str], secret: str) -> str:
    """Return what family C signs; `biz_content` in the clear, every field even if empty."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields)) + f"&app_secret={secret}"


def family_c_digest(fields: Mapping[str, str], secret: str) -> str:
    """Return the digest of family C."""
    return sm3(family_c_string(fields, secret).encode()).hex()


def tencent_string(common: Mapping[str, Any], asked: Mapping[str, Any], secret: str) -> str:
    """Return what the Tencent platform signs."""
    return pairs({name: value for name, value in {**common, **asked}.items() if name != "sign"}) + secret


def tencent_sign(common: Mapping[str, Any], asked: Mapping[str, Any], secret: str) -> str:
    """Return the signature of the Tencent platform."""
    return b64encode(hashlib.sha256(tencent_string(common, asked, secret).encode()).digest()).decode()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
