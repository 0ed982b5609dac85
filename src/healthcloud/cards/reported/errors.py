"""What can go wrong with a use that is reported after the fact."""

from healthcloud.core.errors import Conflict, Unacceptable


class ReportTimeWrong(Unacceptable):
    """This use is in the future, or over `days` days ago; correct the clock of the system that reports it."""

    code = "report-time-wrong"
    zh = "用卡时间在将来，或早于 days 天之前，请校正上报系统的时钟。"
    who_acts = "institution"


class ReportReused(Conflict):
    """This request id has reported another use before; each report has an id of its own, a retry has the same."""

    code = "report-reused"
    zh = "此请求编号已上报过另一条用卡记录，每条记录须有各自的编号，重发则沿用原编号。"
    who_acts = "developer"


class TooManyReports(Unacceptable):
    """A request reports at most `most` uses."""

    code = "too-many-reports"
    zh = "一次最多上报 most 条用卡记录。"
