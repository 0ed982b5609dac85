"""What can go wrong with practitioners and their posts."""

from healthcloud.core.errors import Conflict, NotFound


class PractitionerUnknown(NotFound):
    """There is no such practitioner in this place."""

    code = "practitioner-unknown"
    zh = "没有该医务人员。"
    who_acts = "clerk"


class LicenceTaken(Conflict):
    """This licence number belongs to a practitioner of another name."""

    code = "licence-number-taken"
    zh = "该执业证书编号属于姓名不同的医务人员。"


class StaffNumberTaken(Conflict):
    """This staff number belongs to somebody else at this institution, or this practitioner has another one here."""

    code = "staff-number-taken"
    zh = "该工号在本机构已属于他人，或该人员在本机构已有另一工号。"


class AccountLinked(Conflict):
    """This account is tied to another practitioner."""

    code = "account-linked-elsewhere"
    zh = "该账户已关联另一名医务人员。"
    who_acts = "administrator"
