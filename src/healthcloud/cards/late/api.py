"""Uses that readers made with no network, over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from healthcloud.cards.late.actions import keep_late_uses
from healthcloud.cards.late.model import MOST_ITEMS, LateAnswer, LateItem
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, SettingsIn, Wish, needs, problems

router = APIRouter(prefix="/cards/uses/late", tags=["cards"])

VERIFY = "cards.verify"


class LateWish(Wish):
    """A use as the reader kept it."""

    id: Annotated[UUID, Field(description="The reader's own, new for each use. 设备为每次用卡生成的编号。")]
    terminal: Annotated[
        str | None, Field(max_length=64, description="Id, name or 终端号; left out for a bound one.")
    ] = None
    scene: Annotated[
        str | None, Field(max_length=16, description="medStepCode 诊疗环节; the terminal's own if none.")
    ] = None
    scanned_at: Moment
    code: Annotated[str, Field(max_length=1024, description="What the scanner read, as it came. 扫码原文。")]
    seen: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$", description="What the reader decided. 设备当时的判定。")]

    def item(self) -> LateItem:
        """Return it as the action takes it."""
        return LateItem(self.id, self.terminal, self.scene, self.scanned_at, self.code, self.seen)


class LateWishes(Wish):
    """Up to 500 uses of one institution."""

    items: Annotated[list[LateWish], Field(min_length=1, max_length=MOST_ITEMS)]


@dataclass(frozen=True, slots=True)
class LateResult:
    """
    What became of one use: `kept`, `repeat` (known already) or `refused`, with the problem (RFC 9457).

    `use` is the name by which its holder reads it; `mark` is `void` where card or phone had been stopped before,
    `elsewhere` where another institution took the same code: kept, and the holder is told.
    """

    id: UUID
    outcome: str
    use: str | None
    mark: str | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class LateResults:
    """What became of each, in the order they were sent."""

    results: list[LateResult]


@router.post("", dependencies=[needs(VERIFY)], responses=problems())
async def late(wish: LateWishes, database: DatabaseIn, settings: SettingsIn, caller: CallerIn) -> LateResults:
    """
    Tell of uses made with no network 离线用卡补传: each is proven again and kept exactly once.

    No Idempotency-Key is needed: each item's id is one, and so is the use itself. An item that is refused leaves the
    others alone. At most thirty days after the scan.
    """
    answers = await keep_late_uses(database, settings, caller, [one.item() for one in wish.items])
    return LateResults([_result(one) for one in answers])


def _result(answer: LateAnswer) -> LateResult:
    problem = None if answer.problem is None else answer.problem.body()
    return LateResult(answer.id, answer.outcome, answer.use, answer.mark, problem)
