"""What can go wrong between us and an institution's system."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable, Unavailable


class EndpointUnknown(NotFound):
    """This institution has no address to which we send."""

    code = "endpoint-unknown"
    zh = "该机构没有登记接收地址。"
    who_acts = "institution"


class EndpointWrong(Unacceptable):
    """This cannot be the address of an institution's system; see errors for which rule it breaks."""

    code = "endpoint-wrong"
    zh = "这不能作为机构系统的接收地址，请看 errors 中的字段。"
    who_acts = "administrator"


class NoNextKey(Conflict):
    """There is no next key for this address; make one and have the institution enter it first."""

    code = "endpoint-no-next-key"
    zh = "没有待启用的密钥，请先生成并由机构录入。"
    who_acts = "administrator"


class DeadLetterUnknown(NotFound):
    """There is no such undelivered message; it may have been sent again or given up already."""

    code = "dead-letter-unknown"
    zh = "没有这条未送达的消息，可能已重新发送或放弃。"
    who_acts = "administrator"


class HospitalBusy(Unavailable):
    """Too much is being asked of this hospital's system at once; nothing was sent, try again shortly."""

    code = "hospital-busy"
    zh = "对该医院系统的请求过多，本次未发出，请稍后再试。"


class HospitalAway(Unavailable):
    """This hospital's system does not answer; try again later, or at its window."""

    code = "hospital-away"
    zh = "该医院系统暂时没有应答，请稍后再试或到窗口办理。"
    who_acts = "institution"
