"""What can go wrong with an institution's credential at the province."""

from healthcloud.core.errors import Unacceptable


class CredentialWrong(Unacceptable):
    """A credential of the province is an app id and a secret of 16 letters or digits."""

    code = "province-credential-wrong"
    zh = "省平台凭证应为应用编号和 16 位字母或数字的密钥。"
    who_acts = "administrator"
