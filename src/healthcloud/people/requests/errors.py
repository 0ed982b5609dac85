"""What can go wrong with requests about one's own data."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, NotFound, WhoActs


class RequestNotFound(NotFound):
    """There is no such request of yours."""

    code = "request-not-found"
    zh = "没有找到该申请。"


class RequestClosed(Conflict):
    """This request was answered or withdrawn already."""

    code = "request-closed"
    zh = "该申请已答复或已撤回。"
    who_acts: ClassVar[WhoActs] = "nobody"


class RequestOpenAlready(Conflict):
    """The same request of yours is open already; wait for its answer, or withdraw it first."""

    code = "request-open-already"
    zh = "您已有一份相同的申请正在处理，请等待答复，或先撤回它。"
    who_acts: ClassVar[WhoActs] = "resident"


class TooManyRequests(Conflict):
    """Too many requests of yours are open; wait for an answer, or withdraw one first."""

    code = "too-many-requests-open"
    zh = "您处理中的申请过多，请等待答复，或先撤回其中一份。"
    who_acts: ClassVar[WhoActs] = "resident"
