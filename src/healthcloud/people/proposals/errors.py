"""What can go wrong with deciding a correction by two."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, NotFound, WhoActs


class OwnProposal(Conflict):
    """You prepared this correction yourself; another operator has to confirm it."""

    code = "correction-own-proposal"
    zh = "这份更正是您本人提出的，须由另一位工作人员复核。"
    who_acts: ClassVar[WhoActs] = "administrator"


class ProposalThere(Conflict):
    """A correction is prepared for this request already; it is confirmed or declined first."""

    code = "correction-proposed-already"
    zh = "此申请已有一份待复核的更正，请先复核或退回。"


class ProposalNotFound(NotFound):
    """No correction waits to be confirmed for this request."""

    code = "correction-not-proposed"
    zh = "此申请没有待复核的更正。"
