"""
What can go wrong with evidence.

    NotFound
    └── NoSuchMessage     none of this number, or not yours
    Unavailable
    └── NotSealedYet      kept, but the sealer has not reached it
    Problem
    └── EvidenceDamaged   what is stored is not what was sealed
"""

from healthcloud.core.errors import NotFound, Problem, Unavailable


class NoSuchMessage(NotFound):
    """There is no message of this number for you; its time of keeping may be over."""

    code = "no-such-message"
    zh = "没有您可以查看的这条报文，也可能已过保存期。"


class NotSealedYet(Unavailable):
    """The message is kept but not yet in the signed chain; try again in a few seconds."""

    code = "evidence-not-sealed"
    zh = "报文已留存，尚未封入签名链，请几秒后再试。"


class EvidenceDamaged(Problem):
    """What is stored of this message is not what was sealed; nothing is handed out, check the whole chain."""

    status = 500
    code = "evidence-damaged"
    zh = "留存的内容与封存时不符，不予导出，请校验整条存证链。"
    who_acts = "administrator"
