"""
Signed lists: JWS in its general JSON serialization (RFC 7515 section 7.2.1), one signature for each live key.

`alg` is ES256 (P-256), EdDSA (Ed25519, RFC 8037) or SM2-SM3 for the national pair; `kid` a PublicKey's id; `typ` says
which list it is, so that one never stands in for another. No other header is taken.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from healthcloud_reader.keys import Algorithm, PublicKey
from healthcloud_reader.reasons import Reason, Unreadable

Sign = Callable[[bytes], bytes]
NAMES = {Algorithm.P256_SHA256: "ES256", Algorithm.ED25519: "EdDSA", Algorithm.SM2_SM3: "SM2-SM3"}
_ALGORITHMS = {name: algorithm for algorithm, name in NAMES.items()}
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_MAX_SIGNATURES = 16


class Header(NamedTuple):
    """A signature's protected header: the key's algorithm and id, and which list it signs."""

    algorithm: Algorithm
    key: str
    kind: str

    def written(self) -> bytes:
        """Write it as JSON."""
        return json.dumps({"alg": NAMES[self.algorithm], "kid": self.key, "typ": self.kind}).encode()


class Part(NamedTuple):
    """One signature: its header as it came, base64url, what that says, and the signature's bytes."""

    protected: str
    header: Header
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list's JSON text with its signatures; what it says is worth nothing before `signed_by` names a key."""

    payload: bytes
    parts: tuple[Part, ...]

    def document(self) -> dict[str, object]:
        """Write the serialization as an object for JSON."""
        signatures = [{"protected": p.protected, "signature": to_base64url(p.signature)} for p in self.parts]
        return {"payload": to_base64url(self.payload), "signatures": signatures}

    def signed_by(self, kind: str, trusted: Mapping[str, PublicKey]) -> PublicKey | None:
        """Return the first trusted key that signed this as a list of this kind, or None."""
        for part in self.parts:
            key = trusted.get(part.header.key)
            if key is None or key.algorithm != part.header.algorithm or part.header.kind != kind:
                continue
            if key.verifies(_input(part.protected, self.payload), part.signature):
                return key
        return None


def signing_input(header: Header, payload: bytes) -> bytes:
    """Return what a key signs (RFC 7515 section 5.1)."""
    return _input(to_base64url(header.written()), payload)


def sign_list(kind: str, payload: bytes, signers: Iterable[tuple[PublicKey, Sign]]) -> SignedList:
    """Sign a list's JSON text with each of these keys; the private halves stay with who holds them."""
    parts = []
    for key, sign in signers:
        header = Header(key.algorithm, key.id, kind)
        parts.append(Part(to_base64url(header.written()), header, sign(signing_input(header, payload))))
    return SignedList(payload, tuple(parts))


def read_list(document: object) -> SignedList:
    """Take the object of a general serialization apart; raise Unreadable."""
    try:
        match document:
            case {"payload": str(payload), "signatures": [_, *_] as signatures} if len(signatures) <= _MAX_SIGNATURES:
                return SignedList(from_base64url(payload), tuple(map(_part, signatures)))
    except ValueError as error:
        raise Unreadable(Reason.LIST_FORM) from error
    raise Unreadable(Reason.LIST_FORM)


def read_json(text: bytes | str) -> object:
    """Read JSON in which no name stands twice in an object; raise Unreadable."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Reason.LIST_FORM) from error


def to_base64url(data: bytes) -> str:
    """Write base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64url without padding; raise ValueError for any other spelling of the same bytes too."""
    if _BASE64URL.fullmatch(text) is None:
        raise ValueError
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(data) != text:
        raise ValueError
    return data


def _part(value: object) -> Part:
    match value:
        case {"protected": str(protected), "signature": str(signature), **rest} if not rest:
            return Part(protected, _header(read_json(from_base64url(protected))), from_base64url(signature))
    raise Unreadable(Reason.LIST_FORM)


def _header(value: object) -> Header:
    match value:
        case {"alg": str(name), "kid": str(key), "typ": str(kind), **rest} if not rest and name in _ALGORITHMS:
            return Header(_ALGORITHMS[name], key, kind)
    raise Unreadable(Reason.LIST_FORM)


def _input(protected: str, payload: bytes) -> bytes:
    return f"{protected}.{to_base64url(payload)}".encode()


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
