"""
What can go wrong with a card, apart from a scan (verification/errors.py) and a phone (phones/errors.py).

    Problem
    ├── CardNotFound 404
    ├── PersonUnlinked 409
    ├── ChangeImpossible, HolderGone, RealNameNeeded, VerifyAgain, NotNewborn, DeadlineWrong, AliasImpossible 409/422
    └── CardNotUsable 409   no code for a card that is not normal
"""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class CardNotFound(NotFound):
    """There is no card here for you."""

    code = "card-not-found"
    zh = "没有找到您可以查看的健康卡。"


class PersonUnlinked(Conflict):
    """Your account is not linked to a person yet; register with your real name first."""

    code = "person-unlinked"
    zh = "您的账号还没有实名登记，请先完成实名登记。"
    who_acts = "resident"


class ChangeImpossible(Conflict):
    """The card's present status does not allow this; `status` says what it is."""

    code = "card-change-impossible"
    zh = "健康卡当前状态不允许此操作，status 为当前状态。"


class HolderGone(Conflict):
    """The person this card is for is recorded as deceased or withdrawn."""

    code = "card-holder-gone"
    zh = "该人员已登记死亡或已撤销，不能办理健康卡。"


class RealNameNeeded(Conflict):
    """This needs an identity checked against the population registry or at a counter; so far it is only declared."""

    code = "real-name-needed"
    zh = "此操作须先完成实名核验（人口库核验或窗口核验），目前仅为自报。"
    who_acts = "resident"


class VerifyAgain(Conflict):
    """To unfreeze the card, have your identity verified again first, online or at a counter."""

    code = "verify-again"
    zh = "解除挂失前，请先重新核验身份（线上或窗口均可）。"
    who_acts = "resident"


class NotNewborn(Conflict):
    """A newborn card is for a child in its first year; apply for a standard or temporary card instead."""

    code = "not-newborn"
    zh = "新生儿健康卡仅限一周岁以内的婴儿，请改办正式卡或临时卡。"


class DeadlineWrong(Unacceptable):
    """A temporary card, and only that, has a deadline: after now and at most `most_days` ahead."""

    code = "deadline-wrong"
    zh = "临时卡必须且只有临时卡才设截止时间，须晚于现在且不超过 most_days 天。"
    who_acts = "clerk"


class AliasImpossible(Conflict):
    """This card id cannot become an alias: it is the card itself, or another card's alias already."""

    code = "alias-impossible"
    zh = "该卡号不能设为别名：它就是此卡本身，或已是其他卡的别名。"


class CardNotUsable(Conflict):
    """This card has no code now, because its status is not normal; `status` and `reason` say why."""

    code = "card-not-usable"
    zh = "健康卡状态不正常，暂不能出码；status 与 reason 为原因。"
    who_acts = "resident"
