"""Why a text is no code of ours, or a device-signed one is not believed, in words for whoever holds the scanner."""

from enum import StrEnum


class Reason(StrEnum):
    """A stable name for each way a text can fail to be a code, and a device-signed code to be genuine."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CHARACTERS = "characters"
    EUROPEAN = "eu-certificate"
    DEVICE_TEXT = "device-text"
    DEVICE_LENGTH = "device-length"
    DEVICE_VERSION = "device-version"
    DEVICE_CONTENT = "device-content"
    DEVICE_KEY = "device-key"
    DEVICE_SIGNATURE = "device-signature"
    CITY_KEY = "city-key"
    CITY_SIGNATURE = "city-signature"
    LIST_FORM = "list-form"
    LIST_UNTRUSTED = "list-untrusted"
    LIST_BACKWARDS = "list-backwards"
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
    Reason.EUROPEAN: (
        "This is a European health certificate (HC1:), not a health card code of this city.",
        "这是欧盟健康证明（HC1:），不是本市的健康卡码。",
    ),
    Reason.DEVICE_TEXT: (
        "The code signed by the phone was read wrongly; scan it again.",
        "手机签名码读取有误，请重新扫描。",
    ),
    Reason.DEVICE_LENGTH: (
        "A part of the code signed by the phone is missing, or something was added; scan it again.",
        "手机签名码不完整或夹带了其他内容，请重新扫描。",
    ),
    Reason.DEVICE_VERSION: (
        "The code signed by the phone is of a newer form than this reader knows; update the reader.",
        "手机签名码的版本高于本设备，请升级本设备。",
    ),
    Reason.DEVICE_CONTENT: (
        "The code signed by the phone states something it cannot.",
        "手机签名码中的内容不符合规定。",
    ),
    Reason.DEVICE_KEY: ("The phone's key in the code is none.", "手机签名码中的手机公钥无效。"),
    Reason.DEVICE_SIGNATURE: (
        "The phone's signature is not right: this code was altered or made by another.",
        "手机签名不对：此码被改动过，或由他人制作。",
    ),
    Reason.CITY_KEY: (
        "This code is certified under a key this reader does not trust; update the reader's lists.",
        "签发此码凭证的密钥不在本设备的信任列表中，请更新列表。",
    ),
    Reason.CITY_SIGNATURE: (
        "The city's signature is not right: this code was altered or made by another.",
        "城市签名不对：此码被改动过，或由他人制作。",
    ),
    Reason.LIST_UNTRUSTED: (
        "No key this reader trusts signed this list; nothing was changed.",
        "此列表没有本设备信任的密钥签名，未作任何更改。",
    ),
    Reason.LIST_BACKWARDS: (
        "This list is older than the one this reader has; nothing was changed.",
        "此列表早于本设备已有的列表，未作任何更改。",
    ),
    Reason.LIST_FORM: ("This is not a signed list of the city.", "这不是城市签发的列表。"),
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
