"""What can go wrong with an institution's credential at the province, and with sending again what it refused."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class CredentialWrong(Unacceptable):
    """A credential of the province is an app id and a secret of 16 letters or digits."""

    code = "province-credential-wrong"
    zh = "省平台凭证应为应用编号和 16 位字母或数字的密钥。"
    who_acts = "administrator"


class RefusedUseUnknown(NotFound):
    """There is no such use that the province refused; it may have been sent again already."""

    code = "province-refused-unknown"
    zh = "没有这条被省平台拒收的用卡记录，可能已重新上传。"
    who_acts = "nobody"


class UseDayOver(Conflict):
    """The province takes uses on their own day only, and the day of this use is over."""

    code = "province-day-over"
    zh = "省平台只接收当日数据，这条用卡记录的当日已过。"
    who_acts = "nobody"
