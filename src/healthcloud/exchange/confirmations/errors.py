"""
What can be wrong with confirmations.

    Unacceptable
    ├── RedirectRefused
    └── HostsWrong
    NotFound
    ├── ConfirmationUnknown
    └── CodeWrong
    Conflict
    ├── ConfirmationDecided
    ├── ConfirmationExpired
    └── CodeUsed
"""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class RedirectRefused(Unacceptable):
    """A browser is sent back only to hosts registered for this client; ask the city to register them."""

    code = "redirect-refused"
    zh = "只能跳回该接入程序已登记的主机，请联系平台登记回跳主机。"
    who_acts = "developer"


class HostsWrong(Unacceptable):
    """These hosts cannot be registered."""

    code = "redirect-hosts-wrong"
    zh = "回跳主机的写法不正确。"
    who_acts = "administrator"


class ConfirmationUnknown(NotFound):
    """There is no such confirmation for you."""

    code = "confirmation-unknown"
    zh = "没有这项确认，或它与您无关。"


class CodeWrong(NotFound):
    """This code belongs to no decided confirmation of that number."""

    code = "confirmation-code-wrong"
    zh = "该确认码与确认单不符，或用户尚未确认。"
    who_acts = "developer"


class ConfirmationDecided(Conflict):
    """This was answered already."""

    code = "confirmation-decided"
    zh = "这项确认您已经答复过。"
    who_acts = "nobody"


class ConfirmationExpired(Conflict):
    """The thirty minutes are over; the hospital must ask again."""

    code = "confirmation-expired"
    zh = "确认已超过三十分钟，请由医院重新发起。"
    who_acts = "institution"


class CodeUsed(Conflict):
    """This code was used; it is good once."""

    code = "confirmation-code-used"
    zh = "该确认码已使用，只能使用一次。"
    who_acts = "developer"
