"""What can go wrong when staff sign in, and when accounts of staff are looked after."""

from healthcloud.core.errors import Conflict, Forbidden, TooMany, Unacceptable, Unauthenticated


class SignInRefused(Unauthenticated):
    """Login name, password or one-time password is not right."""

    code = "sign-in-refused"
    zh = "登录名、密码或动态口令不正确。"
    who_acts = "clerk"


class SignInCodeUsed(SignInRefused):
    """This one-time password was used already, perhaps by a sign-in whose answer was lost; use the next one."""

    code = "sign-in-code-used"
    zh = "这个动态口令已经用过：可能刚才已登录成功，只是结果没有送到。请等约半分钟，换下一个口令再登录。"


class CodeWrong(Unacceptable):
    """This one-time code is wrong or was used already; wait for the next one, nothing was changed."""

    code = "one-time-code-wrong"
    zh = "动态口令不正确或已用过，请等下一个口令；没有任何改动。"
    who_acts = "administrator"


class SignInLocked(TooMany):
    """Too many failed sign-ins; wait as long as Retry-After says, or ask your security administrator."""

    code = "sign-in-locked"
    zh = "登录失败次数过多，已暂时锁定；请按 Retry-After 等待，或联系安全管理员。"
    who_acts = "clerk"


class PasswordExpired(Forbidden):
    """Your password is older than allowed; change it, then sign in."""

    code = "password-expired"
    zh = "密码已超过使用期限，请先修改密码再登录。"
    who_acts = "clerk"


class PasswordUnfit(Unacceptable):
    """This password is not good enough; errors says why."""

    code = "password-unfit"
    zh = "密码不合要求，原因见 errors。"
    who_acts = "clerk"


class PasswordUsedBefore(Unacceptable):
    """This is one of your last five passwords; take a new one."""

    code = "password-used-before"
    zh = "不能使用最近五次用过的密码。"
    who_acts = "clerk"


class PinUnfit(Unacceptable):
    """A PIN has 6 to 12 digits, at least three of them different."""

    code = "pin-unfit"
    zh = "PIN 应为 6 至 12 位数字，且至少三个不同数字。"
    who_acts = "clerk"


class InvitationOver(Forbidden):
    """This invitation was used, has expired, or was never made; ask for a new one."""

    code = "invitation-over"
    zh = "该邀请已使用、已过期或不存在，请索取新的邀请。"
    who_acts = "clerk"


class EnrolmentNotBegun(Conflict):
    """The second factor was not set up yet; begin the enrolment first."""

    code = "enrolment-not-begun"
    zh = "尚未开始设置第二因子，请先开始。"
    who_acts = "clerk"


class LoginUnfit(Unacceptable):
    """A login name has 3 to 32 small letters, digits, dots, hyphens or underscores, and begins with a letter."""

    code = "login-unfit"
    zh = "登录名应为 3 至 32 位小写字母、数字、点、连字符或下划线，以字母开头。"
    who_acts = "administrator"


class LoginTaken(Conflict):
    """This login name is or was somebody's; take another."""

    code = "login-taken"
    zh = "该登录名已被使用或曾被使用，请换一个。"
    who_acts = "administrator"


class WrongState(Conflict):
    """The account's state does not allow this; see state."""

    code = "account-state"
    zh = "账号当前状态不允许此操作，见 state。"
    who_acts = "administrator"
