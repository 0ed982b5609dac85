"""What can be wrong with a visit that is told of, or asked for."""

from typing import ClassVar

from healthcloud.core.errors import Forbidden, NotFound, Unacceptable, WhoActs


class EncounterNotFound(NotFound):
    """Your institution has told of no such visit."""

    code = "encounter-not-found"
    zh = "本机构没有上报过这次就诊。"
    who_acts: ClassVar[WhoActs] = "institution"


class EncounterUnreadable(Unacceptable):
    """A visit cannot be read; see errors for the fields."""

    code = "encounter-unreadable"
    zh = "就诊信息无法读取，请看 errors 中的字段。"
    who_acts: ClassVar[WhoActs] = "institution"


class NotYourVisits(Forbidden):
    """Visits are told of, and looked up, for one's own institution only."""

    code = "encounter-not-your-institution"
    zh = "只能上报和查询本机构的就诊。"
    who_acts: ClassVar[WhoActs] = "institution"
