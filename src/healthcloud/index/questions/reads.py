"""What a reviewer's page asks beside a question: its neighbours in the queue, its history, what undoing gives back."""

from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.index import deeds
from healthcloud.index.errors import QuestionNotFound
from healthcloud.index.model import REVIEW
from healthcloud.index.questions import store
from healthcloud.index.questions.decisions import store as decisions
from healthcloud.index.questions.model import Decided, Filter, Question
from healthcloud.index.records.model import Record
from healthcloud.index.records.reads import records_by_id

JUDGED = audit.DeedsOf((deeds.JUDGED_SAME, deeds.JUDGED_DIFFERENT, deeds.MERGE_PROPOSED, deeds.SPLIT), outcome="done")
MOST_ABOUT_ONE = 50


async def find(read: Read, caller: Caller, question_id: UUID) -> Question:
    """Return a question, nothing personal in it (scope index.review); raise QuestionNotFound."""
    caller.must(REVIEW)
    found = await store.question(read, question_id)
    if found is None:
        raise QuestionNotFound
    return found


async def around(read: Read, caller: Caller, wanted: Filter, here: Question) -> tuple[UUID | None, UUID | None]:
    """Return the questions of the queue before and after one, None at its ends (scope index.review)."""
    caller.must(REVIEW)
    now, place = read.clock.now(), (here.opened_at, here.id)
    back = await store.queue_back(read, wanted, place, 1, now)
    on = await store.queue(read, wanted, place, 1, now)
    return (back[0].id if back else None, on[0].id if on else None)


async def history_of(read: Read, caller: Caller, question_id: UUID) -> list[Decided]:
    """Return what was decided of a question, the newest first (scope index.review)."""
    caller.must(REVIEW)
    return await decisions.decisions_of(read, question_id)


async def moved_by(read: Read, caller: Caller, decided: Decided) -> list[Record]:
    """Return the records a decision moved, which go back with it (scope index.review)."""
    caller.must(REVIEW)
    return await records_by_id(read, [one.record_id for one in await decisions.kept_moved(read, decided)])


async def decided_about(read: Read, caller: Caller, person_id: UUID) -> list[Decided]:
    """Return what was lately decided of a person and whom they were merged with, newest first (scope index.review)."""
    caller.must(REVIEW)
    group = await people.group_of(read, person_id)
    told = await audit.deeds_about(read, group, wanted=JUDGED, limit=MOST_ABOUT_ONE)
    questions = dict.fromkeys(UUID(str(one.detail["question"])) for one in told)
    known = {str(one.detail["decision"]) for one in told}
    decided = [one for each in questions for one in await decisions.decisions_of(read, each) if str(one.id) in known]
    return sorted(decided, key=lambda one: one.id, reverse=True)
