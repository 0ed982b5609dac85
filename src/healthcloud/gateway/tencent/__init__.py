"""Tencent's open platform of health cards (电子健康卡开放平台): a hospital's client works by changing the host."""

from healthcloud.gateway.tencent.face import TencentFace
from healthcloud.gateway.tencent.routes import VERIFY, paths
from healthcloud.gateway.tencent.signature import signature_of, string_to_sign
from healthcloud.gateway.tencent.tokens import PURPOSES

__all__ = ["PURPOSES", "VERIFY", "TencentFace", "paths", "signature_of", "string_to_sign"]
