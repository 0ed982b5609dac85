"""Why a text is no code of ours, in words for whoever holds the scanner."""

from enum import StrEnum


class Reason(StrEnum):
    """A stable name for each way a text can fail to be a code."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CHARACTERS = "characters"
    DEVICE_SIGNED = "device-signed"
    CARD_ID = "card-id"
    SEGMENTS = "segments"
    KIND = "kind"
    TOKEN = "token"  # noqa: S105 - the name of a fault, no secret
    TOKEN_MISSING = "token-missing"  # noqa: S105 - as above
    RESIDENT_ID = "resident-id"
    UNKNOWN = "unknown"

    @property
    def en(self) -> str:
        """The English sentence."""
        return _SENTENCES[self][0]

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        return _SENTENCES[self][1]


_SENTENCES = {
    Reason.EMPTY: ("Nothing was scanned.", "没有扫到内容。"),
    Reason.TOO_LONG: (
        "This is longer than any health card code (130 characters).",
        "内容超过健康卡码的最大长度（130 个字符）。",
    ),
    Reason.CHARACTERS: ("This holds characters no health card code has.", "内容含有健康卡码不会出现的字符。"),
    Reason.DEVICE_SIGNED: (
        "This is a code signed by the phone itself (EHC1:), which this reader does not support yet.",
        "这是手机签名的离线码（EHC1:），本设备暂不支持。",
    ),
    Reason.CARD_ID: (
        "What stands before the first colon is not a card id of 64 hexadecimal digits.",
        "第一个冒号之前不是 64 位十六进制的健康卡 ID。",
    ),
    Reason.SEGMENTS: ("A health card code has at most five parts between colons.", "健康卡码最多五段。"),
    Reason.KIND: (
        "The second part of the code is neither 0 (dynamic) nor 1 (static).",
        "第二段既不是 0（动态）也不是 1（静态）。",
    ),
    Reason.TOKEN: ("The third part of the code is not 32 hexadecimal digits.", "第三段不是 32 位十六进制令牌。"),
    Reason.TOKEN_MISSING: ("This dynamic code lacks its token; scan the whole code.", "动态码缺少令牌，请完整扫描。"),
    Reason.RESIDENT_ID: (
        "This has the form of an ID number, but its check digit or birth date is wrong.",
        "形似身份证号，但校验码或出生日期不对。",
    ),
    Reason.UNKNOWN: ("This is not a health card code.", "这不是健康卡码。"),
}


class Unreadable(Exception):
    """The text is no code this reader can take; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
