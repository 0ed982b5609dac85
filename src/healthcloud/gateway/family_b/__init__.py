"""Family B (V2.0.0): the face of hospitals' front boxes, head and body signed with SM3, starred fields in SM4."""

from healthcloud.gateway.family_b import front_box
from healthcloud.gateway.family_b.face import PATH, FamilyB
from healthcloud.gateway.family_b.signing import CONCATENATIONS, joined, sign

__all__ = ["CONCATENATIONS", "PATH", "FamilyB", "front_box", "joined", "sign"]
