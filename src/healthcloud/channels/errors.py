"""What can go wrong with an address."""

from healthcloud.core.errors import Unacceptable


class NotAMobileNumber(Unacceptable):
    """This is not a mobile number a text can be sent to."""

    code = "not-a-mobile-number"
    zh = "这不是可以接收短信的手机号码。"
    who_acts = "resident"
