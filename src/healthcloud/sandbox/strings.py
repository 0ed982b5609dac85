"""The exact string each face's signature is over, and by which key, for the journal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from healthcloud import access, gateway
from healthcloud.core.errors import Problem
from healthcloud.sandbox.model import Heard, Signed

Explain = Callable[[Heard], Awaitable[Signed | None]]


@dataclass(frozen=True, slots=True)
class Face:
    """A way in: what its paths begin with, and how it tells what is signed."""

    name: str
    prefix: str
    explain: Explain


async def explain_own(heard: Heard) -> Signed | None:
    """Return the five lines an Authorization header of ours is over; None without one that can be read."""
    try:
        signed = access.clients.read_header(heard.headers.get("authorization", ""))
    except Problem:
        return None
    text = access.clients.string_to_sign(
        signed.algorithm, heard.method, heard.target, signed.timestamp, signed.nonce, heard.body
    )
    return Signed(text.decode("latin-1"), signed.key, "lines")


def faces(keys: gateway.FaceKeys) -> tuple[Face, ...]:
    """Return every way in over HTTP; `keys` knows the secrets of apps."""

    async def family_b(heard: Heard) -> Signed | None:
        return _ends_in_secret(await gateway.explain_family_b(keys, heard.body))

    async def family_c(heard: Heard) -> Signed | None:
        return _ends_in_secret(await gateway.explain_family_c(keys, heard.body))

    async def tencent(heard: Heard) -> Signed | None:
        return _ends_in_secret(await gateway.explain_tencent(keys, heard.body))

    return (
        Face("own", "/api/v1/", explain_own),
        Face("fhir", "/fhir", explain_own),
        Face("family-b", "/api/do", family_b),
        Face("family-c", "/erhc/", family_c),
        Face("tencent", "/rest/auth/", tencent),
        Face("shandong", "/hospital/", _unsigned),
    )


def _ends_in_secret(found: gateway.SignedText | None) -> Signed | None:
    return None if found is None else Signed(found.text, found.app_id, "pairs", found.secret)


async def _unsigned(_: Heard) -> Signed | None:
    """Tell of nothing signed: this way in does not offer its string."""
    return None


def face_of(faces: tuple[Face, ...], path: str) -> Face | None:
    """Return the face a path belongs to; None for pages and the sandbox itself."""
    return next((face for face in faces if path.startswith(face.prefix)), None)


def key_id_of(key: str) -> UUID | None:
    """Return a key's id as named in a request: a UUID, or its 32 hex digits."""
    try:
        return UUID(key)
    except ValueError:
        return None
