"""
What can go wrong with persons; no sentence tells anything of somebody else.

    Problem
    ├── NotFound
    │   ├── PersonNotFound            nobody here whom this caller may see
    │   ├── GrantNotFound, ConsentNotFound, LocalNumberNotFound
    ├── Unacceptable
    │   ├── ReasonNeeded              opening somebody's data takes a reason
    │   ├── MotherNotFound            a birth names nobody who can be its mother
    │   └── NothingToCorrect
    ├── Conflict
    │   ├── IdentityConflict          this number is known with another name, sex or birth date
    │   ├── DocumentBelongsToAnother  two documents of one registration are two persons'
    │   ├── RegistryMismatch, DeceasedInRegistry
    │   ├── LocalNumberTaken, PhoneHasTooManyPersons
    │   ├── PersonChanged, PersonGone, PersonLinked
    │   ├── AlreadyDeceased, NotDeceased, DeathSettled
    │   ├── AccountHasPerson, IdentityNotConfirmed
    │   ├── GrantAlreadyOpen, GrantDecided, TooManyKept, TooManyKeepers, GuardianNeeded
    │   └── MergeRefused
    └── Unavailable
        └── RegistryUnavailable       the population registry does not answer
"""

from typing import ClassVar

from healthcloud.core.errors import Conflict, NotFound, Unacceptable, Unavailable, WhoActs


class PersonNotFound(NotFound):
    """There is no person here whom you may see."""

    code = "person-not-found"
    zh = "没有找到您可以查看的人员。"


class ReasonNeeded(Unacceptable):
    """Say why you open this person's data; they can read it."""

    code = "reason-needed"
    zh = "请写明查看完整信息的理由，本人可以看到。"
    who_acts: ClassVar[WhoActs] = "clerk"


class MotherNotFound(Unacceptable):
    """The mother of this birth is not registered, or cannot be its mother; register her first."""

    code = "mother-not-found"
    zh = "该出生登记的母亲尚未登记，或不可能是其母亲；请先登记母亲。"
    who_acts: ClassVar[WhoActs] = "clerk"


class IdentityConflict(Conflict):
    """
    This document is registered with another name, sex or birth date.

    Check what was typed against the document itself. If the document is right and the registration is not, have it
    corrected at a counter with the document in hand.
    """

    code = "identity-conflict"
    zh = "该证件已登记，但姓名、性别或出生日期与此次填写不一致。请对照证件原件核对；如登记有误，请持证件到窗口更正。"


class DocumentBelongsToAnother(Conflict):
    """These documents are registered to different persons; register each with its own holder."""

    code = "document-belongs-to-another"
    zh = "所填证件分属不同的人，请分别登记。"


class RegistryMismatch(Conflict):
    """The population registry does not know this name with this document; compare both with the document itself."""

    code = "registry-mismatch"
    zh = "人口库核验不一致：姓名与证件号码不符，请对照证件原件核对。"


class DeceasedInRegistry(Conflict):
    """The population registry lists the holder of this document as deceased; a counter can look into it."""

    code = "deceased-in-registry"
    zh = "人口库显示该证件持有人已故，请到窗口核实。"


class RegistryUnavailable(Unavailable):
    """The population registry does not answer just now."""

    code = "registry-unavailable"
    zh = "人口库暂时无法核验。"


class LocalNumberTaken(Conflict):
    """This patient number of your institution belongs to another person; unlink it there first, if that is wrong."""

    code = "local-number-taken"
    zh = "本机构的该患者号已属于另一人；如有误，请先解除原关联。"
    who_acts: ClassVar[WhoActs] = "institution"


class LocalNumberNotFound(NotFound):
    """This patient number of your institution is not linked to this person."""

    code = "local-number-not-found"
    zh = "本机构的该患者号没有关联到此人。"


class PhoneHasTooManyPersons(Conflict):
    """This phone number is used by as many persons as one number may serve; leave it out or give another."""

    code = "phone-has-too-many-persons"
    zh = "该手机号登记的人数已达上限，请换一个号码或不填。"


class PersonChanged(Conflict):
    """This person's data changed since you looked; look again and decide anew."""

    code = "person-changed"
    zh = "该人员的信息在您查看之后已有变动，请重新查看后再办理。"


class PersonGone(Conflict):
    """This registration was withdrawn as made in error; nothing can be done with it any more."""

    code = "person-gone"
    zh = "该登记已因登记错误被撤销，不能再办理业务。"


class PersonLinked(Conflict):
    """This person is linked with another registration; take the link back first."""

    code = "person-linked"
    zh = "该人员与另一登记已合并，请先撤销合并。"


class NothingToCorrect(Unacceptable):
    """What you enter is what is registered already."""

    code = "nothing-to-correct"
    zh = "填写内容与登记一致，无需更正。"
    who_acts: ClassVar[WhoActs] = "clerk"


class AlreadyDeceased(Conflict):
    """This person's death is recorded already."""

    code = "already-deceased"
    zh = "该人员已登记死亡。"


class NotDeceased(Conflict):
    """No death is recorded for this person."""

    code = "not-deceased"
    zh = "该人员没有死亡登记。"


class DeathSettled(Conflict):
    """This death was recorded too long ago to be undone at a counter; ask the city's administrator."""

    code = "death-settled"
    zh = "死亡登记已超过可撤销期限，请联系市级管理员。"
    who_acts: ClassVar[WhoActs] = "administrator"


class AccountHasPerson(Conflict):
    """Your account is tied to another person already."""

    code = "account-has-person"
    zh = "您的账号已实名为其他人。"
    who_acts: ClassVar[WhoActs] = "resident"


class IdentityNotConfirmed(Conflict):
    """We cannot confirm from here that this is you; take your document to a counter of any hospital."""

    code = "identity-not-confirmed"
    zh = "无法在线确认是您本人，请持证件到任一医院窗口办理。"
    who_acts: ClassVar[WhoActs] = "resident"


class GrantNotFound(NotFound):
    """There is no such care grant for you."""

    code = "grant-not-found"
    zh = "没有找到该代办授权。"


class GrantAlreadyOpen(Conflict):
    """This was asked or agreed already."""

    code = "grant-already-open"
    zh = "该代办授权已申请或已生效。"
    who_acts: ClassVar[WhoActs] = "resident"


class GrantDecided(Conflict):
    """This was decided already, or its time is over; the family page says how it stands now."""

    code = "grant-decided"
    zh = "这份代办授权已经处理过或已到期，现在的状态请看“家人代办”。"
    who_acts: ClassVar[WhoActs] = "resident"


class TooManyKept(Conflict):
    """You act for as many persons as one may."""

    code = "too-many-kept"
    zh = "您可代办的人数已达上限。"
    who_acts: ClassVar[WhoActs] = "resident"


class TooManyKeepers(Conflict):
    """As many people act for this person as may."""

    code = "too-many-keepers"
    zh = "可为此人代办的人数已达上限。"
    who_acts: ClassVar[WhoActs] = "resident"


class GuardianNeeded(Conflict):
    """For a child this young a guardian decides, at a counter, with the birth certificate or household register."""

    code = "guardian-needed"
    zh = "该年龄的儿童须由监护人持出生医学证明或户口簿到窗口办理。"
    who_acts: ClassVar[WhoActs] = "resident"


class ConsentNotFound(NotFound):
    """There is no such consent to withdraw."""

    code = "consent-not-found"
    zh = "没有找到可撤回的同意。"


class MergeRefused(Conflict):
    """These two registrations cannot be linked: they are one already, or one of them is withdrawn."""

    code = "merge-refused"
    zh = "这两个登记不能合并：已经是同一人，或其中一个已撤销。"
