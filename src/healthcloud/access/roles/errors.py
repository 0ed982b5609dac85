"""What can go wrong with a role."""

from healthcloud.core.errors import Conflict, Forbidden, NotFound, Unacceptable


class NoSuchAccount(NotFound):
    """There is no such account for you."""

    code = "no-such-account"
    zh = "没有您可以管理的该账号。"


class NotToOneself(Forbidden):
    """Nobody changes the rights, the factors or the state of his own account; another administrator must."""

    code = "not-to-oneself"
    zh = "不得变更自己账号的权限、登录凭证或状态，须由另一位管理员办理。"


class AdministratorsSeparate(Conflict):
    """This account already holds one of the three administrators' roles; nobody holds two of them."""

    code = "administrators-separate"
    zh = "该账号已担任三员之一，系统、安全、审计管理员不得由一人兼任。"
    who_acts = "administrator"


class RoleOfInstitution(Unacceptable):
    """This role belongs to staff of an institution, or to staff of none, and the account is of the other kind."""

    code = "role-of-institution"
    zh = "该角色与账号所属不符：机构角色只能授予机构人员，市级角色只能授予市级人员。"
    who_acts = "administrator"


class NotGranted(NotFound):
    """This account does not hold this role."""

    code = "role-not-granted"
    zh = "该账号没有这个角色。"
