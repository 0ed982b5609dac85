r"""
Signed requests, in the shape every hospital vendor knows from WeChat Pay v3; pure.

    Authorization: HC1-HMAC-SM3 key="<uuid>",timestamp="<Unix seconds>",nonce="<16–64>",signature="<base64>"

over `METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(SM3(body))\n`, TARGET being path and query as sent. `HC1-HMAC-SHA256` is
the same with SHA-256 throughout; `HC1-SM2` signs the first with a key pair of the institution's own, the 64 bytes r‖s.
docs/decisions/0011-signed-requests-of-institutions.md says why.
"""

import hashlib
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from healthcloud.access.clients.errors import SignatureMalformed, SignatureMissing
from healthcloud.core.crypto import HmacSm3, hmac_sha256, sm3
from healthcloud.core.crypto.sm2 import Sm2PrivateKey

SIGNED = "HC1-"
SHAPE = r"METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(DIGEST(body))\n"

_PARAMETERS = ("key", "timestamp", "nonce", "signature")
# Quoted, comma-separated, no blanks but one after a comma, each once: what has two readings is refused.
_HEADER = re.compile(
    r'(HC1-HMAC-SM3|HC1-HMAC-SHA256|HC1-SM2) key="([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",'
    r'timestamp="([0-9]{10})",nonce="([A-Za-z0-9._-]{16,64})",signature="([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)"'
)
_ANY_ORDER = re.compile(r'(HC1-HMAC-SM3|HC1-HMAC-SHA256|HC1-SM2) ([a-z]+="[^"]*"(?:, ?[a-z]+="[^"]*"){3})')
_PARAMETER = re.compile(r'([a-z]+)="([^"]*)"')


class Algorithm(StrEnum):
    """What a key proves requests with: one kind is never taken for another (decision 0067)."""

    SM3 = "HMAC-SM3"
    SHA256 = "HMAC-SHA-256"
    SM2 = "SM2"
    APP_SECRET = "APP-SECRET"  # noqa: S105 - the kind's name; of the faces, signs no HC1 request


_SCHEMES = {Algorithm.SM3: "HC1-HMAC-SM3", Algorithm.SHA256: "HC1-HMAC-SHA256", Algorithm.SM2: "HC1-SM2"}
_ALGORITHMS = {scheme: algorithm for algorithm, scheme in _SCHEMES.items()}
_LENGTHS = {"HC1-HMAC-SM3": 44, "HC1-HMAC-SHA256": 44, "HC1-SM2": 88}  # of the signature's base64


@dataclass(frozen=True, slots=True)
class Signed:
    """What an Authorization header says; nothing of it is proven yet."""

    algorithm: Algorithm
    key: str
    timestamp: str
    nonce: str
    signature: str = field(repr=False)


def read_header(header: str) -> Signed:
    """Read an Authorization header; raise SignatureMissing if empty, SignatureMalformed naming what is wrong."""
    found = _HEADER.fullmatch(header) or _HEADER.fullmatch(_ordered(header))
    if found is None or len(found[5]) != _LENGTHS[found[1]]:
        raise SignatureMalformed(_fault(header), shape=SHAPE)
    scheme, key, timestamp, nonce, signature = found.groups()
    return Signed(_ALGORITHMS[scheme], key, timestamp, nonce, signature)


def _ordered(header: str) -> str:
    """Put the parameters into the usual order, each given exactly once; anything else comes back empty."""
    if not header or header.isspace():
        raise SignatureMissing
    found = _ANY_ORDER.fullmatch(header)
    given = _PARAMETER.findall(found[2]) if found else []
    values = dict(given)
    if found is None or sorted(values) != sorted(_PARAMETERS):
        return ""
    return f"{found[1]} " + ",".join(f'{name}="{values[name]}"' for name in _PARAMETERS)


def _fault(header: str) -> str:
    """Say which part cannot be read, without saying it back."""
    scheme, _, rest = header.partition(" ")
    if scheme not in _SCHEMES.values():
        return "the scheme must be HC1-HMAC-SM3, HC1-HMAC-SHA256 or HC1-SM2"
    given = _PARAMETER.findall(rest)
    names = [name for name, _ in given]
    for name in _PARAMETERS:
        if names.count(name) != 1:
            return f"{name} must be given once, quoted"
    if len(names) != len(_PARAMETERS) or not _ANY_ORDER.fullmatch(header):
        return 'the parameters are key="…",timestamp="…",nonce="…",signature="…" and nothing else'
    values, bytes_signed = dict(given), 64 if scheme == "HC1-SM2" else 32
    length = _LENGTHS[scheme]
    rules = {
        "key": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID in small letters"),
        "timestamp": (r"[0-9]{10}", "Unix seconds, 10 digits"),
        "nonce": (r"[A-Za-z0-9._-]{16,64}", "16 to 64 letters, digits or . _ -"),
        "signature": (
            rf"(?=.{{{length}}}$)[A-Za-z0-9+/]+={{1,2}}",
            f"the base64 of {bytes_signed} bytes, {length} characters",
        ),
    }
    told = [f"{name} must be {words}" for name, (form, words) in rules.items() if not re.fullmatch(form, values[name])]
    return "; ".join(told)


def string_to_sign(algorithm: Algorithm, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """Return the bytes a signature covers."""
    digest = hashlib.sha256(body).hexdigest() if algorithm is Algorithm.SHA256 else sm3(body).hex()
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n{digest}\n".encode("latin-1")


def signer_of(algorithm: Algorithm, secret: bytes) -> Callable[[bytes], bytes]:
    """Return what makes this key's signatures; the secret of SM2 is the 32-byte private number."""
    if algorithm is Algorithm.SM3:
        return HmacSm3(secret).mac
    if algorithm is Algorithm.SM2:
        return Sm2PrivateKey.from_raw(secret).sign
    return lambda data: hmac_sha256(secret, data)


def sign_request(
    key_id: UUID,
    secret: bytes,
    method: str,
    target: str,
    body: bytes = b"",
    *,
    algorithm: Algorithm = Algorithm.SM3,
    timestamp: int | None = None,
    nonce: str | None = None,
) -> str:
    """Return the Authorization header for a request: the client's side, for the tour, tests and benches."""
    at, once = str(timestamp or int(time.time())), nonce or secrets.token_hex(16)
    mac = signer_of(algorithm, secret)(string_to_sign(algorithm, method, target, at, once, body))
    signature = b64encode(mac).decode()
    return f'{_SCHEMES[algorithm]} key="{key_id}",timestamp="{at}",nonce="{once}",signature="{signature}"'
