"""
What a hospital's front box (前置机) does for its systems at `/api/sign`, `/api/encrypt` and `/api/deciphering`.

For a sandbox, where a vendor compares with it: the secret is the vendor's own and comes with the request.
"""

from collections.abc import Mapping
from typing import NamedTuple

from healthcloud.gateway import sm4
from healthcloud.gateway.family_b import envelope, signing


class Signatures(NamedTuple):
    """Both signatures, and the strings they are over, without the secret at their end."""

    head_sign: str
    body_sign: str
    head_string: str
    body_string: str


def signatures_of(head: Mapping[str, str], body: Mapping[str, object], secret: str) -> Signatures:
    """Return the signatures of a request whose starred fields are encrypted already."""
    told, key = {name: head.get(name, "") for name in signing.HEAD}, secret.encode("ascii")
    return Signatures(
        signing.sign(told, key),
        signing.sign(body, key),
        signing.joined(told).decode(),
        signing.joined(body).decode(),
    )


def encrypted(body: Mapping[str, object], secret: str, spelling: sm4.Spelling) -> dict[str, object]:
    """Return a body with its starred fields encrypted."""
    return envelope.sealed(body, secret.encode("ascii"), spelling)


def deciphered(body: Mapping[str, object], secret: str) -> dict[str, object]:
    """Return a body with its starred fields in the clear; raise FaceSignatureWrong for what is no ciphertext."""
    return envelope.opened(envelope.Envelope({}, body), secret.encode("ascii"))[0]
