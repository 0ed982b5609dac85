"""What can go wrong with the person index."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, Forbidden, NotFound, Unacceptable, WhoActs


class RecordNotFound(NotFound):
    """There is no such record of your institution."""

    code = "index-record-not-found"
    zh = "没有找到本机构的这份患者档案。"
    who_acts: ClassVar[WhoActs] = "institution"


class RecordUnreadable(Unacceptable):
    """A record cannot be read; see errors for the fields."""

    code = "index-record-unreadable"
    zh = "档案无法读取，请看 errors 中的字段。"
    who_acts: ClassVar[WhoActs] = "institution"


class NumberTwice(Conflict):
    """This batch holds the same local number twice, with different contents: send the one that is right."""

    code = "index-number-twice"
    zh = "同一批中同一患者号出现两次且内容不同：请只提交正确的一份。"
    who_acts: ClassVar[WhoActs] = "institution"


class RecordVersionPassed(Conflict):
    """This record stands at another version than the one that was named: read it again."""

    code = "index-record-version-passed"
    zh = "该档案已不是所指的版本：请重新读取。"
    who_acts: ClassVar[WhoActs] = "developer"


class NotYourInstitution(Forbidden):
    """Records are handed in for one's own institution only."""

    code = "index-not-your-institution"
    zh = "只能为本机构提交患者档案。"
    who_acts: ClassVar[WhoActs] = "institution"


class QuestionNotFound(NotFound):
    """There is no such question in the review queue."""

    code = "index-question-not-found"
    zh = "审核队列中没有这个问题。"
    who_acts: ClassVar[WhoActs] = "clerk"


class QuestionTaken(Conflict):
    """A colleague is working on this question; take another, or come back in a quarter of an hour."""

    code = "index-question-taken"
    zh = "这个问题正由另一位审核员处理，请先处理其他问题，或一刻钟后再看。"
    who_acts: ClassVar[WhoActs] = "clerk"


class QuestionSettled(Conflict):
    """This question was answered meanwhile, or what it asks about has changed; look at it again."""

    code = "index-question-settled"
    zh = "这个问题已有人答复，或所涉及的登记已有变动，请重新查看。"
    who_acts: ClassVar[WhoActs] = "clerk"


class SidesUnclear(Unacceptable):
    """This question has more than two sides: say which two of them you judge."""

    code = "index-sides-unclear"
    zh = "这个问题涉及两方以上，请指明判断的是哪两方。"
    who_acts: ClassVar[WhoActs] = "clerk"


class OwnMerge(Conflict):
    """You proposed this merge yourself; another reviewer has to confirm it."""

    code = "index-own-merge"
    zh = "这次合并是您本人提出的，须由另一位审核员复核。"
    who_acts: ClassVar[WhoActs] = "administrator"


class DecisionNotFound(NotFound):
    """There is no such decision that can be taken back."""

    code = "index-decision-not-found"
    zh = "没有可撤销的这项决定。"
    who_acts: ClassVar[WhoActs] = "clerk"


class DecisionBuiltOn(Conflict):
    """A later decision rests on this one; take that back first."""

    code = "index-decision-built-on"
    zh = "之后的决定以此为前提，请先撤销之后的决定。"
    who_acts: ClassVar[WhoActs] = "clerk"


class NothingToSplit(Conflict):
    """These records are not some, but not all, of what this person has from institutions."""

    code = "index-nothing-to-split"
    zh = "所选档案不是此人名下的一部分机构档案，无法拆分。"
    who_acts: ClassVar[WhoActs] = "clerk"


class SampleNotFound(NotFound):
    """There is no such sampled link that waits to be judged."""

    code = "index-sample-not-found"
    zh = "没有等待抽查的这项关联。"
    who_acts: ClassVar[WhoActs] = "clerk"
