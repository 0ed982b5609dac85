"""What can go wrong with the person index."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, Forbidden, NotFound, Unacceptable, WhoActs


class RecordNotFound(NotFound):
    """There is no such record of your institution."""

    code = "index-record-not-found"
    zh = "没有找到本机构的这份患者档案。"
    who_acts: ClassVar[WhoActs] = "institution"


class RecordUnreadable(Unacceptable):
    """A record cannot be read; see errors for the fields."""

    code = "index-record-unreadable"
    zh = "档案无法读取，请看 errors 中的字段。"
    who_acts: ClassVar[WhoActs] = "institution"


class NumberTwice(Conflict):
    """This batch holds the same local number twice, with different contents: send the one that is right."""

    code = "index-number-twice"
    zh = "同一批中同一患者号出现两次且内容不同：请只提交正确的一份。"
    who_acts: ClassVar[WhoActs] = "institution"


class NotYourInstitution(Forbidden):
    """Records are handed in for one's own institution only."""

    code = "index-not-your-institution"
    zh = "只能为本机构提交患者档案。"
    who_acts: ClassVar[WhoActs] = "institution"
