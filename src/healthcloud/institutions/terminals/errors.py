"""What can go wrong with a terminal."""

from healthcloud.core.errors import Conflict, NotFound


class TerminalUnknown(NotFound):
    """There is no such terminal in use."""

    code = "terminal-not-in-use"
    zh = "没有这个在用终端。"
    who_acts = "clerk"


class TerminalTaken(Conflict):
    """This institution has a terminal of this name in use that is described otherwise; see `terminal_id`."""

    code = "terminal-name-taken"
    zh = "本机构已有同名但信息不同的在用终端，见 terminal_id。"


class EnrolmentCodeWrong(NotFound):
    """This binding code is unknown, used already or past its time; ask for a new one."""

    code = "enrolment-code-wrong"
    zh = "绑定码不存在、已使用或已过期，请重新获取。"
    who_acts = "clerk"


class ClientElsewhere(Conflict):
    """This API client does not belong to the terminal's institution, or is no longer in use."""

    code = "client-of-another-institution"
    zh = "该接入程序不属于终端所在机构，或已停用。"
    who_acts = "administrator"
