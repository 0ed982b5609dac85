"""What can go wrong with an institution and its numbers."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class InstitutionUnknown(NotFound):
    """There is no such institution."""

    code = "institution-unknown"
    zh = "没有该机构。"
    who_acts = "clerk"


class InstitutionClosed(Conflict):
    """This institution is closed; nothing can be added to it."""

    code = "institution-closed"
    zh = "该机构已关闭，不能再添加内容。"


class NumberTaken(Conflict):
    """This number already belongs to an institution that is described otherwise; see `institution_id`."""

    code = "institution-number-taken"
    zh = "该编号已属于另一个信息不同的机构，见 institution_id。"


class NumberAmbiguous(Conflict):
    """This number names several institutions, one of each kind; say which kind is meant."""

    code = "institution-number-ambiguous"
    zh = "该编号按不同种类对应多个机构，请指明编号种类。"
    who_acts = "developer"


class NumberMissing(Unacceptable):
    """An institution needs at least one outside number, by which a second entry of it is recognised."""

    code = "institution-number-missing"
    zh = "机构至少须有一个外部编号，以便识别重复登记。"


class NumberUnknown(NotFound):
    """This institution does not have this number."""

    code = "institution-number-unknown"
    zh = "该机构没有这个编号。"
    who_acts = "clerk"


class ParticularsWrong(Unacceptable):
    """What is said here breaks a rule; see errors for which."""

    code = "institution-particulars-wrong"
    zh = "所填信息不合规则，请看 errors 中的字段。"
    who_acts = "clerk"


class ChangedMeanwhile(Conflict):
    """Somebody else has changed this institution meanwhile; read it again and repeat the change."""

    code = "institution-changed-meanwhile"
    zh = "机构信息已被他人修改，请重新读取后再改。"
