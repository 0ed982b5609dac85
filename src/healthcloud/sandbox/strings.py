"""The exact string each face's signature is over, and by which key, for the journal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from healthcloud import access
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


OWN = (Face("own", "/api/v1/", explain_own), Face("fhir", "/fhir", explain_own))


def face_of(faces: tuple[Face, ...], path: str) -> Face | None:
    """Return the face a path belongs to; None for pages and the sandbox itself."""
    return next((face for face in faces if path.startswith(face.prefix)), None)


def key_id_of(key: str) -> UUID | None:
    """Return a key's id as named in a request: a UUID, or its 32 hex digits."""
    try:
        return UUID(key)
    except ValueError:
        return None
