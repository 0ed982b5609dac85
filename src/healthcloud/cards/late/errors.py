"""What can go wrong with a use that is told of late."""

from healthcloud.core.errors import Conflict, Unacceptable


class LateTimeWrong(Unacceptable):
    """This use was scanned in the future, or over `days` days ago; correct the reader's clock, or note it by hand."""

    code = "late-time-wrong"
    zh = "扫码时间在将来，或早于 days 天之前，请校正设备时钟或人工登记。"
    who_acts = "institution"


class LateItemReused(Conflict):
    """This item's id has been used for another item before; each use has an id of its own."""

    code = "late-item-reused"
    zh = "此编号已用于另一条补传记录，每次用卡须有各自的编号。"
    who_acts = "developer"
