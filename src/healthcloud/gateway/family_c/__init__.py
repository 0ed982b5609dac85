"""Family C (`ehc.*`): the face of province platforms of card management, digest SM3 or SHA-256, content SM4."""

from healthcloud.gateway.family_c.envelope import string_to_sign
from healthcloud.gateway.family_c.face import PATH, FamilyC

__all__ = ["PATH", "FamilyC", "string_to_sign"]
