"""
The open platform's signature: SHA-256 over the sorted keys of `commonIn` and `req`, then the app secret; Base64.

How arrays and objects are spelled is not written down anywhere: a client signs them as its own library writes them. So
three spellings are tried: as they were sent, compact, and compact with sorted keys and no nulls.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import msgspec

from healthcloud.core.crypto import same

SIGN = "sign"
_SORTED = msgspec.json.Encoder(order="deterministic")
Spelling = Callable[[str, object], str]


class _Sent(msgspec.Struct, frozen=True):
    """The values as they were written."""

    commonIn: dict[str, msgspec.Raw]  # noqa: N815 - the platform's name
    req: dict[str, msgspec.Raw] | None = None


_RAW = msgspec.json.Decoder(_Sent)


def string_to_sign(message: Mapping[str, object], secret: str, spelled: Spelling | None = None) -> str:
    """Return what is hashed; `message` holds the keys of commonIn and req, `spelled` writes arrays and objects."""
    write = spelled or _compact
    pairs = []
    for key in sorted(message):
        value = message[key]
        if key == SIGN or value is None:
            continue
        if not isinstance(value, str):
            value = write(key, value) if isinstance(value, (dict, list)) else _scalar(value)
        if value and not value.isspace():
            pairs.append(f"{key}={value}")
    return "&".join(pairs) + secret


def signature_of(text: str) -> str:
    """Return the signature of a string to sign."""
    return b64encode(sha256(text.encode()).digest()).decode()


def is_signed(common: Mapping[str, object], wish: Mapping[str, object], secret: str, body: bytes) -> bool:
    """Tell whether `commonIn.sign` is the signature of this message, whose body is as it was sent."""
    told = common.get(SIGN)
    if not isinstance(told, str):
        return False
    message = {**common, **wish}
    return any(same(signature_of(text).encode(), told.encode()) for text in _texts(message, secret, body))


def _texts(message: Mapping[str, object], secret: str, body: bytes) -> Iterator[str]:
    yield string_to_sign(message, secret)
    if any(isinstance(value, (dict, list)) for value in message.values()):
        parts = _RAW.decode(body)
        sent = {**parts.commonIn, **(parts.req or {})}
        yield string_to_sign(message, secret, lambda key, _: bytes(sent[key]).decode())
        yield string_to_sign(message, secret, lambda _, value: _SORTED.encode(_without_nulls(value)).decode())


def _compact(_: str, value: object) -> str:
    return msgspec.json.encode(value).decode()


def _scalar(value: object) -> str:
    return str(value) if type(value) is int else msgspec.json.encode(value).decode()


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    return value
