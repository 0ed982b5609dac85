"""What can go wrong with a phone that is to make codes by itself."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class PhonesFull(Conflict):
    """As many phones make codes of this card as may; remove one first."""

    code = "phones-full"
    zh = "此卡可离线出码的手机已达上限，请先移除一部。"
    who_acts = "resident"


class SlotsSpent(Conflict):
    """This card has had too many phones; ask the city's service to give it a new number."""

    code = "phone-slots-spent"
    zh = "此卡登记过的手机过多，请联系市级服务更换卡号。"
    who_acts = "administrator"


class PhoneNotFound(NotFound):
    """There is no such phone on this card."""

    code = "phone-not-found"
    zh = "此卡没有这部手机。"


class LabelTelling(Unacceptable):
    """A phone's name has 1 to 30 characters and holds no number of a person."""

    code = "phone-label"
    zh = "手机名称为 1 至 30 个字符，不得含电话或证件号码。"
    who_acts = "resident"
