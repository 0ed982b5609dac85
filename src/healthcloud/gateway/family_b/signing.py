"""
Signatures of family B: of the head and of the body, each over its fields and the app's secret.

How the fields are put together happens inside the hospitals' front boxes and is published nowhere, so it is a plug: a
`Concatenation` by name. Ours sorts the fields by name, leaves out what is empty, joins `name=value` with `&` and ends
with `&key=<secret>`, as the WeChat pay interface does and as clients' samples look; a second one appends the secret
bare. A value that is no text is its JSON without blanks, keys sorted.
"""

import json
from collections.abc import Callable, Mapping

from healthcloud.core.crypto import same, sm3

Concatenation = Callable[[Mapping[str, object], bytes], bytes]

SHAPE = "a=1&b=2&…&key=<secret>, fields sorted by name, empty ones left out; SM3, hexadecimal"
HEAD = ("appId", "nonceStr", "timestamp", "version")


def joined(fields: Mapping[str, object]) -> bytes:
    """Return the fields as they are signed, without the secret."""
    pairs = sorted((name, _text(value)) for name, value in fields.items() if value not in (None, "", {}, []))
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def with_key(fields: Mapping[str, object], secret: bytes) -> bytes:
    """End with `&key=<secret>`."""
    return joined(fields) + b"&key=" + secret


def with_bare_secret(fields: Mapping[str, object], secret: bytes) -> bytes:
    """End with the secret itself."""
    return joined(fields) + secret


CONCATENATIONS: dict[str, Concatenation] = {"key": with_key, "bare": with_bare_secret}


def sign(fields: Mapping[str, object], secret: bytes, concatenation: Concatenation = with_key) -> str:
    """Return the signature of a head or a body: SM3, 64 hexadecimal digits in upper case."""
    return sm3(concatenation(fields, secret)).hex().upper()


def is_right(fields: Mapping[str, object], secret: bytes, signature: str) -> bool:
    """Tell whether any of the known concatenations gives this signature, in either case."""
    given = signature.upper().encode()
    return any(same(sign(fields, secret, one).encode(), given) for one in CONCATENATIONS.values())


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
