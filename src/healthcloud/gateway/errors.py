"""
What can be wrong with a request of a face before any feature hears of it.

    Malformed
    └── Unacceptable
        ├── MethodUnknown
        └── FaceAlgorithmRefused
    Unauthenticated
    └── FaceSignatureWrong
"""

from healthcloud.core.errors import Unacceptable, Unauthenticated


class MethodUnknown(Unacceptable):
    """This face has no such method; `known` names those it has."""

    code = "face-method-unknown"
    zh = "没有这个接口方法，known 列出现有的方法。"
    who_acts = "developer"


class FaceAlgorithmRefused(Unacceptable):
    """This way of signing or encrypting is not taken; `taken` names those that are."""

    code = "face-algorithm-refused"
    zh = "不接受这种签名或加密方式，taken 列出可用的方式。"
    who_acts = "developer"


class FaceSignatureWrong(Unauthenticated):
    """The digest does not fit what arrived, or the content cannot be decrypted with this app's secret; see `shape`."""

    code = "face-signature-wrong"
    zh = "签名与收到的内容不符，或无法用该应用的密钥解密，请对照 shape 检查签名原文。"
    who_acts = "developer"
