"""What can go wrong with figures."""

from healthcloud.core.errors import Conflict, NotFound


class FigureUnknown(NotFound):
    """There is no such figure for you."""

    code = "figure-unknown"
    zh = "没有您可以查看的这项指标。"


class AlreadyRebuilding(Conflict):
    """The figures are being counted anew already."""

    code = "figures-rebuilding"
    zh = "统计正在重算中。"
    who_acts = "administrator"
