"""Province: the province's platform above the city; uses of cards go up to it, on their own day or not at all."""

from healthcloud.province.actions import RECURRING, enrol
from healthcloud.province.api import router
from healthcloud.province.client import HttpProvince
from healthcloud.province.errors import CredentialWrong
from healthcloud.province.model import Standing
from healthcloud.province.purposes import PURPOSES
from healthcloud.province.reads import standing
from healthcloud.province.uploading import Province, ProvinceAway, uploading

__all__ = [
    "PURPOSES",
    "RECURRING",
    "CredentialWrong",
    "HttpProvince",
    "Province",
    "ProvinceAway",
    "Standing",
    "enrol",
    "router",
    "standing",
    "uploading",
]
