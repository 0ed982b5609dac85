"""Gateway: the faces hospitals' systems speak to, each a translation with no rule and no SQL of its own."""

from healthcloud.core.http import FaceEndpoint
from healthcloud.gateway import family_b, family_c, hl7, neutral
from healthcloud.gateway.codes import FACES, FaceCodes
from healthcloud.gateway.serving import Evidence, Exchanged, FaceKeys, Parts

__all__ = ["FACES", "Evidence", "Exchanged", "FaceCodes", "FaceKeys", "Parts", "endpoints", "hl7", "neutral"]


def endpoints(parts: Parts) -> tuple[FaceEndpoint, ...]:
    """Return every face that is served over HTTP."""
    faces = (family_b.FamilyB(parts), family_c.FamilyC(parts))
    return tuple(FaceEndpoint(face, parts.settings, parts.is_full) for face in faces)
