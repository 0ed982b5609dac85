"""What can be wrong with an institution's number."""

from healthcloud.core.errors import Unacceptable


class NumberWrong(Unacceptable):
    """This number does not fit the kind it is said to be; see errors for the place and the reason."""

    code = "institution-number-wrong"
    zh = "该机构编号不符合所选种类的规则，请看 errors 中的位置与原因。"
    who_acts = "institution"
