"""Province: the province's platform above the city; uses of cards go up to it, on their own day or not at all."""

from healthcloud.province.actions import RECURRING, enrol, send_again
from healthcloud.province.api import router
from healthcloud.province.client import HttpProvince
from healthcloud.province.errors import CredentialWrong, RefusedUseUnknown, UseDayOver
from healthcloud.province.model import Hold, RefusedUse, Standing
from healthcloud.province.purposes import PURPOSES
from healthcloud.province.reads import OLDEST, holds, refused, refused_use, standing
from healthcloud.province.uploading import Province, ProvinceAway, ProvinceRefused, uploading

__all__ = [
    "OLDEST",
    "PURPOSES",
    "RECURRING",
    "CredentialWrong",
    "Hold",
    "HttpProvince",
    "Province",
    "ProvinceAway",
    "ProvinceRefused",
    "RefusedUse",
    "RefusedUseUnknown",
    "Standing",
    "UseDayOver",
    "enrol",
    "holds",
    "refused",
    "refused_use",
    "router",
    "send_again",
    "standing",
    "uploading",
]
