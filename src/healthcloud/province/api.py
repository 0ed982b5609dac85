"""Uploads to the province over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from healthcloud import institutions
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.province import actions, reads
from healthcloud.province.actions import GIVE_KEYS
from healthcloud.province.errors import CredentialWrong
from healthcloud.province.model import Standing

router = APIRouter(prefix="/province", tags=["province"])


class CredentialBody(Wish):
    """What the province gave an institution."""

    app_id: Annotated[str, Field(min_length=1, max_length=64)]
    secret: Annotated[str, Field(min_length=16, max_length=16)]


@router.get("/usage", dependencies=[needs(reads.READ)])
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
