"""
What only this face can find wrong.

    Unauthenticated
    ├── AppTokenWrong
    └── AppTokenExpired
    Unacceptable
    └── DepartmentNeeded
    NotAnsweredYet 501
"""

from healthcloud.core.errors import Problem, Unacceptable, Unauthenticated


class AppTokenWrong(Unauthenticated):
    """This appToken was not made by this city; ask for one with getAppToken."""

    code = "app-token-wrong"
    zh = "appToken 不是本平台签发的，请用 getAppToken 重新获取。"
    who_acts = "developer"


class AppTokenExpired(Unauthenticated):
    """This appToken is over two hours old; ask for a new one with getAppToken."""

    code = "app-token-expired"
    zh = "appToken 已超过两小时有效期，请用 getAppToken 重新获取。"
    who_acts = "developer"


class DepartmentNeeded(Unacceptable):
    """A use for registration (scene 0101011 or 0101012) needs its department."""

    code = "department-needed"
    zh = "预约挂号和当日挂号须填写科室 department。"
    who_acts = "institution"


class NotAnsweredYet(Problem):
    """This city does not offer this service yet; nothing was done."""

    status = 501
    code = "not-answered-yet"
    zh = "本平台尚未提供此服务，未做任何处理。"
    who_acts = "nobody"
