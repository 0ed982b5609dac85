"""What can go wrong when residents sign in."""

from healthcloud.core.errors import Conflict, TooMany, Unauthenticated


class CodeRefused(Unauthenticated):
    """This code is not right, was used, or is too old; ask for a new one."""

    code = "code-refused"
    zh = "验证码不正确、已使用或已过期，请重新获取。"


class CodesTooOften(TooMany):
    """Codes were asked for too often; wait as long as Retry-After says."""

    code = "codes-too-often"
    zh = "获取验证码过于频繁，请按 Retry-After 所示时间等待。"


class CodesLocked(TooMany):
    """Too many wrong codes; wait as long as Retry-After says."""

    code = "codes-locked"
    zh = "验证码错误次数过多，请按 Retry-After 所示时间等待。"


class PhoneTaken(Conflict):
    """Another account signs in with this number; close that one first, at a counter."""

    code = "phone-taken"
    zh = "该手机号已用于另一账号登录，请先到窗口处理。"
    who_acts = "resident"
