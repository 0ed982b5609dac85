"""Uploads to the province over HTTP."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from healthcloud import institutions
from healthcloud.core.errors import WhoActs
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.province import actions, reads
from healthcloud.province.actions import GIVE_KEYS, OPERATE
from healthcloud.province.errors import CredentialWrong, RefusedUseUnknown, UseDayOver
from healthcloud.province.model import Hold, RefusedUse, Standing

router = APIRouter(prefix="/province", tags=["province"])


class CredentialBody(Wish):
    """What the province gave an institution."""

    app_id: Annotated[str, Field(min_length=1, max_length=64)]
    secret: Annotated[str, Field(min_length=16, max_length=16)]


class RefusedQuery(Wish):
    """Which part of what was refused is wanted."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


class SendAgainBody(Wish):
    """Which refused uses of an institution go up anew; null: all of today."""

    institution_id: UUID
    refused_ids: Annotated[list[UUID] | None, Field(max_length=500)] = None
    reason: Annotated[str | None, Field(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class RefusedTold:
    """A use the province refused, in its words; `who_acts` corrects what it names, then it is sent again."""

    institution_id: UUID
    id: UUID
    day: date
    scene: str
    terminal_id: UUID
    used_at: datetime
    refused_at: datetime
    code: str
    msg: str
    who_acts: WhoActs


@dataclass(frozen=True, slots=True)
class SentAgain:
    """How many uses go up anew."""

    uses: int


def _told(one: RefusedUse) -> RefusedTold:
    # What the province can find wrong with a use is the institution's: its windows, its steps on file.
    return RefusedTold(
        one.institution_id,
        one.id,
        one.day,
        one.scene,
        one.terminal_id,
        one.used_at,
        one.refused_at,
        one.code,
        one.msg,
        "institution",
    )


@router.get("/refused", dependencies=[needs(reads.READ, OPERATE)], responses=problems(CursorUnreadable))
async def refused(caller: CallerIn, database: DatabaseIn, query: Annotated[RefusedQuery, Query()]) -> Page[RefusedTold]:
    """List uses the province refused, in its words, the first first 省平台拒收的用卡数据."""
    after = decode_cursor(query.cursor, tuple[datetime, UUID]) if query.cursor else reads.OLDEST
    async with database.read() as read:
        found = await reads.refused(read, caller, after=after, limit=query.limit + 1)
    page = page_of(found, query.limit, lambda one: (one.refused_at, one.id))
    return Page([_told(one) for one in page.items], page.next)


@router.post("/refused/sending", dependencies=[needs(OPERATE)], responses=problems(RefusedUseUnknown, UseDayOver))
async def send_again(body: SendAgainBody, caller: CallerIn, database: DatabaseIn) -> SentAgain:
    """Have refused uses go up anew, once what was wrong is corrected 更正后重新上传."""
    count = await database.transact(
        lambda tx: actions.send_again(tx, caller, body.institution_id, body.refused_ids, body.reason)
    )
    return SentAgain(count)


@router.get("/holds", dependencies=[needs(reads.READ, OPERATE)])
async def holds(caller: CallerIn, database: DatabaseIn) -> list[Hold]:
    """List institutions the province refuses as a whole: their credential or quota; nothing of them goes up."""
    async with database.read() as read:
        return await reads.holds(read, caller)


@router.get("/usage", dependencies=[needs(reads.READ, OPERATE)])
async def usage(caller: CallerIn, database: DatabaseIn) -> list[Standing]:
    """Show how uses stand on their way to the province: up, waiting, and what missed its day 用卡数据上传情况."""
    async with database.read() as read:
        return await reads.standing(read, caller)


@router.put(
    "/organisations/{institution_id}",
    status_code=204,
    dependencies=[needs(GIVE_KEYS)],
    responses=problems(CredentialWrong, institutions.InstitutionUnknown),
)
async def enrol(institution_id: UUID, body: CredentialBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Enter the credential the province gave an institution; its uses go up from now on 登记省平台凭证."""
    await database.transact(lambda tx: actions.enrol(tx, caller, institution_id, body.app_id, body.secret))
