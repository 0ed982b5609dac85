"""Questions: the review queue, what people decide about records and persons, and the way back from every decision."""

from healthcloud.index.questions.answering import answer, confirm, decline
from healthcloud.index.questions.asking import ask
from healthcloud.index.questions.model import (
    Answered,
    Decided,
    DecisionState,
    Filter,
    Kind,
    NewQuestion,
    Question,
    QuestionState,
    Side,
    Verdict,
)
from healthcloud.index.questions.reads import around, decided_about, find, history_of, moved_by
from healthcloud.index.questions.showing import (
    Comparison,
    Opened,
    SideShown,
    give_back,
    history,
    open_questions,
    question,
)
from healthcloud.index.questions.undoing import split, undo

__all__ = [
    "Answered",
    "Comparison",
    "Decided",
    "DecisionState",
    "Filter",
    "Kind",
    "NewQuestion",
    "Opened",
    "Question",
    "QuestionState",
    "Side",
    "SideShown",
    "Verdict",
    "answer",
    "around",
    "ask",
    "confirm",
    "decided_about",
    "decline",
    "find",
    "give_back",
    "history",
    "history_of",
    "moved_by",
    "open_questions",
    "question",
    "split",
    "undo",
]
