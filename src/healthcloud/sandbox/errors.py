"""What the sandbox refuses."""

from healthcloud.core.errors import NotFound, Unacceptable, Unavailable


class CallUnknown(NotFound):
    """There is no such call in the journal; it may have been emptied since."""

    code = "sandbox-call-unknown"
    zh = "日志中没有这次调用，可能已被清空。"
    who_acts = "developer"


class CallUnsigned(Unacceptable):
    """This call carried nothing signed that could be read, so there is no string to compare with."""

    code = "sandbox-call-unsigned"
    zh = "这次调用没有可辨认的签名，没有可比较的签名原串。"


class NotDeciphered(Unacceptable):
    """A starred field is no SM4 ciphertext of this secret: hexadecimal or Base64, of whole blocks, of UTF-8 text."""

    code = "sandbox-not-deciphered"
    zh = "加密字段无法用该密钥解密：应为十六进制或 Base64 的 SM4 密文，整块，明文为 UTF-8。"
    who_acts = "developer"


class ClockTooFar(Unacceptable):
    """The sandbox's clock may be moved by at most 60 days either way."""

    code = "sandbox-clock-too-far"
    zh = "沙箱时钟前后最多可调 60 天。"


class CitizenUnknown(NotFound):
    """There is no such invented citizen in this sandbox."""

    code = "sandbox-citizen-unknown"
    zh = "沙箱中没有这位虚构居民。"
    who_acts = "developer"


class SwitchedOff(Unavailable):
    """The sandbox plays a platform that is down for you, as its switches say."""

    code = "sandbox-switched-off"
    zh = "沙箱按开关模拟平台停机。"
    who_acts = "developer"
