"""Gateway: the faces hospitals' systems speak to, each a translation with no rule and no SQL of its own."""

from healthcloud.core.http import FaceEndpoint
from healthcloud.gateway import family_b, family_c, hl7, neutral, shandong, tencent
from healthcloud.gateway.codes import FACES, FaceCodes
from healthcloud.gateway.explaining import (
    SignedText,
    explain_family_b,
    explain_family_c,
    explain_tencent,
    opened_family_c,
)
from healthcloud.gateway.family_b import front_box
from healthcloud.gateway.serving import Evidence, Exchanged, FaceKeys, Parts
from healthcloud.gateway.sm4 import Spelling

__all__ = [
    "FACES",
    "PURPOSES",
    "Evidence",
    "Exchanged",
    "FaceCodes",
    "FaceKeys",
    "Parts",
    "SignedText",
    "Spelling",
    "endpoints",
    "explain_family_b",
    "explain_family_c",
    "explain_tencent",
    "front_box",
    "hl7",
    "neutral",
    "opened_family_c",
]


PURPOSES = tencent.PURPOSES


def endpoints(parts: Parts) -> tuple[FaceEndpoint, ...]:
    """Return every face that is served over HTTP."""
    moved = parts.settings.tencent_prefixes
    faces = (
        family_b.FamilyB(parts),
        family_c.FamilyC(parts),
        *(tencent.TencentFace(parts, name, path) for name, path in tencent.paths(moved).items()),
        *(shandong.ShandongFace(parts, name) for name in shandong.PATHS),
    )
    return tuple(FaceEndpoint(face, parts.settings, parts.is_full) for face in faces)
