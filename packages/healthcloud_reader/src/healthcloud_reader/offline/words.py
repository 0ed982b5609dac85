"""What the reader says, by stable codes with a sentence in each language; list ages in words."""

from enum import StrEnum

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Outcome(StrEnum):
    """What came of a scan; UNVERIFIED is kept for the platform to judge later, REPEAT is the same scan again."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"
    UNVERIFIED = "unverified"
    REFUSED = "refused"

    @property
    def en(self) -> str:
        """The English word."""
        return _OUTCOMES[self][0]

    @property
    def zh(self) -> str:
        """The Chinese word."""
        return _OUTCOMES[self][1]


class Caution(StrEnum):
    """What must be said with an answer."""

    LIST_STALE = "list-stale"
    LIST_TOO_OLD = "list-too-old"
    NO_LIST = "no-list"
    TRUST_EXPIRED = "trust-expired"
    UNPROVEN = "unproven"

    @property
    def en(self) -> str:
        """The English sentence."""
        return _CAUTIONS[self][0]

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        return _CAUTIONS[self][1]


class Refusal(StrEnum):
    """Why a code that could be read is not taken; codes that cannot be read are refused by their Reason."""

    NOT_SET_UP = "not-set-up"
    CLOCK_WRONG = "clock-wrong"
    CODE_OLD = "code-old"
    CODE_AHEAD = "code-ahead"
    CERTIFICATE_OVER = "certificate-over"
    REVOKED = "revoked"
    REPLAYED = "replayed"
    TRUST_EXPIRED = "trust-expired"
    LIST_TOO_OLD = "list-too-old"
    NO_LIST = "no-list"
    PRINTED = "printed"
    OTHER_SCHEME = "other-scheme"
    QUEUE_FULL = "queue-full"

    @property
    def en(self) -> str:
        """The English sentence."""
        return _REFUSALS[self][0]

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        return _REFUSALS[self][1]


_OUTCOMES = {
    Outcome.ACCEPTED: ("Accepted", "通过"),
    Outcome.REPEAT: ("Already read", "已读过"),
    Outcome.UNVERIFIED: ("Not verified", "未核验"),
    Outcome.REFUSED: ("Refused", "不予通过"),
}
_CAUTIONS = {
    Caution.LIST_STALE: ("The list of stopped cards is more than a day old.", "停用名单已超过一天未更新。"),
    Caution.LIST_TOO_OLD: (
        "The list of stopped cards is too old; taken because this is an emergency.",
        "停用名单过旧；因属急救场景先予通过。",
    ),
    Caution.NO_LIST: (
        "There is no list of stopped cards; taken because this is an emergency.",
        "没有停用名单；因属急救场景先予通过。",
    ),
    Caution.TRUST_EXPIRED: (
        "The list of the city's keys has expired; taken because this is an emergency.",
        "城市密钥列表已过期；因属急救场景先予通过。",
    ),
    Caution.UNPROVEN: (
        "Only the platform can prove this code; compare an identity document. It is kept to be checked later.",
        "此码须由平台核验，请核对身份证件；已记录，联网后补验。",
    ),
}
_REFUSALS = {
    Refusal.NOT_SET_UP: (
        "This reader has no list of the city's keys yet; go online once.",
        "本设备还没有城市密钥列表，请先联网一次。",
    ),
    Refusal.CLOCK_WRONG: (
        "This reader's clock is earlier than what it has already seen; set the clock, or go online.",
        "本设备时钟早于已收到的列表或记录，请校准时钟或联网。",
    ),
    Refusal.CODE_OLD: (
        "This code is of an earlier minute: an old picture, or the phone's clock is slow. Refresh it on the phone.",
        "此码不是这一分钟的：可能是旧截图，或手机时钟慢了。请在手机上刷新。",
    ),
    Refusal.CODE_AHEAD: (
        "This code is of a later minute: the phone's clock or this reader's is wrong.",
        "此码的时间晚于现在：手机或本设备的时钟不准。",
    ),
    Refusal.CERTIFICATE_OVER: (
        "The phone's certificate has expired; open the card on the phone once with a network.",
        "手机凭证已过期，请在手机联网时打开一次健康卡。",
    ),
    Refusal.REVOKED: (
        "This card, or this phone of it, has been stopped.",
        "此卡或此手机已停用。",
    ),
    Refusal.REPLAYED: (
        "A newer code of this phone was read here before: this one is a copy.",
        "本设备已读过此手机更新的码，这是旧码的复制。",
    ),
    Refusal.TRUST_EXPIRED: (
        "The list of the city's keys has expired; go online once.",
        "城市密钥列表已过期，请联网一次。",
    ),
    Refusal.LIST_TOO_OLD: (
        "The list of stopped cards is too old to rely on; go online once.",
        "停用名单过旧，不能再依据，请联网一次。",
    ),
    Refusal.NO_LIST: (
        "There is no list of stopped cards yet; go online once.",
        "还没有停用名单，请先联网一次。",
    ),
    Refusal.PRINTED: (
        "A printed code proves nothing without the platform; ask for the phone's code, or write the visit down.",
        "打印的码离线时不能证明身份；请出示手机码，或先作登记。",
    ),
    Refusal.OTHER_SCHEME: (
        "This is not a health card code; it cannot be checked here.",
        "这不是健康卡码，本设备不能核验。",
    ),
    Refusal.QUEUE_FULL: (
        "The queue of uses is full or cannot be written; upload it, or free the disk.",
        "待上传记录已满或无法写入，请上传或清理磁盘。",
    ),
}


def age_in_words(seconds: float | None) -> tuple[str, str]:
    """Say how old a list is, in English and Chinese; None: there is none."""
    if seconds is None:
        return "no list", "没有名单"
    past = max(int(seconds), 0)
    for length, singular, zh in ((_DAY, "day", "天"), (_HOUR, "hour", "小时"), (_MINUTE, "minute", "分钟")):
        if past >= length:
            count = past // length
            return f"{count} {singular}{'s' if count > 1 else ''} old", f"{count} {zh}前"
    return "less than a minute old", "1 分钟内"
