"""What a counter is refused."""

from healthcloud.core.errors import Conflict


class NotOpenedHere(Conflict):
    """A counter takes back only a card it opened itself within the last day; ask the city's card operator."""

    code = "card-not-opened-here"
    zh = "窗口只能收回本机构一天内开出的卡，其他情况请联系市级健康卡管理员。"
    who_acts = "administrator"
