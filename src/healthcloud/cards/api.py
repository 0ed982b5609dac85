"""Cards over HTTP: everything but the scan itself. Card ids and codes stand in bodies, never in addresses."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from healthcloud.cards import actions, aliases, codes, forms, reads
from healthcloud.cards import errors as wrong
from healthcloud.cards.model import Card
from healthcloud.cards.verification import policy
from healthcloud.cards.verification.errors import SceneUnknown
from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, needs, problems
from healthcloud.core.idempotency import Once, OnceIn, once_problems

router = APIRouter(prefix="/cards", tags=["cards"])

ISSUE, MANAGE, RESIDENT = "cards.issue", "cards.manage", "resident"
PersonQuery = Annotated[UUID | None, Query(description="Left out by a resident for themself. 本人查询时不填。")]
_FOUND = (wrong.CardNotFound, wrong.PersonUnlinked)
_CHANGE = (*_FOUND, wrong.ChangeImpossible, *once_problems)


async def _changed(once: Once, change: Callable[[Transaction], Awaitable[Card]]) -> Response:
    """Carry out a change of a card, once, and show the card after it."""

    async def act(tx: Transaction) -> forms.CardShown:
        return forms.card_shown(await change(tx))

    return await once(act)


@router.post(
    "",
    status_code=201,
    response_model=forms.AppliedShown,
    dependencies=[needs(RESIDENT, ISSUE)],
    responses=problems(
        *_FOUND, wrong.HolderGone, wrong.RealNameNeeded, wrong.NotNewborn, wrong.DeadlineWrong, *once_problems
    ),
)
async def apply(wish: forms.ApplyWish, caller: CallerIn, once: OnceIn, settings: SettingsIn) -> Response:
    """Apply for a card 申请: a new one, the one there is, a prepared one activated, or a cancelled one restored."""

    async def act(tx: Transaction) -> forms.AppliedShown:
        limit = settings.temporary_card_days
        applied = await actions.apply(tx, caller, wish.application(), temporary_days=limit)
        return forms.AppliedShown(outcome=applied.outcome, card=forms.card_shown(applied.card))

    return await once(act)


@router.get("/mine", dependencies=[needs(RESIDENT, MANAGE)], responses=problems(*_FOUND))
async def mine(database: DatabaseIn, caller: CallerIn, person_id: PersonQuery = None) -> forms.CardShown:
    """Show a card 我的健康卡."""
    async with database.read() as read:
        return forms.card_shown(await reads.my_card(read, caller, person_id))


@router.get("/code", dependencies=[needs(RESIDENT)], responses=problems(*_FOUND, wrong.CardNotUsable))
async def code(
    database: DatabaseIn, caller: CallerIn, settings: SettingsIn, person_id: PersonQuery = None
) -> codes.CodeShown:
    """Show the dynamic code of this minute 动态码; ask again at `refresh_at`."""
    async with database.read() as read:
        return await codes.code_of(read, caller, person_id, window_steps=settings.code_window_steps)


@router.post(
    "/printed-code",
    status_code=201,
    response_model=codes.PrintedCode,
    dependencies=[needs(RESIDENT, MANAGE)],
    responses=problems(*_FOUND, wrong.CardNotUsable, *once_problems),
)
async def printed_code(wish: forms.Subject, caller: CallerIn, once: OnceIn) -> Response:
    """Give out the static code to print 静态二维码下载."""
    return await once(lambda tx: codes.print_code(tx, caller, wish.person_id))


@router.post(
    "/freeze",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(RESIDENT, MANAGE)],
    responses=problems(*_CHANGE),
)
async def freeze(wish: forms.FreezeWish, caller: CallerIn, once: OnceIn) -> Response:
    """Freeze a card 挂失, at the next scan everywhere."""
    return await _changed(once, lambda tx: actions.freeze(tx, caller, wish.person_id, wish.reason))


@router.post(
    "/unfreeze",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(RESIDENT, MANAGE)],
    responses=problems(*_CHANGE, wrong.VerifyAgain),
)
async def unfreeze(wish: forms.Subject, caller: CallerIn, once: OnceIn) -> Response:
    """Unfreeze a card 解除挂失; a resident has their identity verified again first."""
    return await _changed(once, lambda tx: actions.unfreeze(tx, caller, wish.person_id))


@router.post(
    "/cancel",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(RESIDENT, MANAGE)],
    responses=problems(*_CHANGE),
)
async def cancel(wish: forms.Subject, caller: CallerIn, once: OnceIn) -> Response:
    """Cancel a card 注销; applying again restores it with the same id."""
    return await _changed(once, lambda tx: actions.cancel(tx, caller, wish.person_id))


@router.post(
    "/convert",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(RESIDENT, MANAGE)],
    responses=problems(*_CHANGE, wrong.HolderGone, wrong.RealNameNeeded),
)
async def convert(wish: forms.Subject, caller: CallerIn, once: OnceIn) -> Response:
    """Make a temporary or newborn card a standard one 转正, with the same id."""
    return await _changed(once, lambda tx: actions.convert(tx, caller, wish.person_id))


@router.post(
    "/take-back",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(MANAGE)],
    responses=problems(*_CHANGE),
)
async def take_back(wish: forms.NamedPerson, caller: CallerIn, once: OnceIn) -> Response:
    """Take back a card opened for the wrong person 错发收回: its id never comes back."""
    return await _changed(once, lambda tx: actions.take_back(tx, caller, wish.person_id))


@router.post(
    "/prepare",
    status_code=201,
    response_model=forms.Prepared,
    dependencies=[needs(MANAGE)],
    responses=problems(wrong.CardNotFound, wrong.HolderGone, *once_problems),
)
async def prepare(wish: forms.PrepareWish, caller: CallerIn, once: OnceIn) -> Response:
    """Make cards ahead 批量预生成; each is activated by applying."""

    async def act(tx: Transaction) -> forms.Prepared:
        return forms.Prepared(prepared=await actions.prepare(tx, caller, wish.person_ids))

    return await once(act)


@router.post(
    "/aliases",
    status_code=201,
    response_model=forms.CardShown,
    dependencies=[needs(MANAGE)],
    responses=problems(wrong.CardNotFound, wrong.AliasImpossible, *once_problems),
)
async def add_alias(wish: forms.AliasWish, caller: CallerIn, once: OnceIn) -> Response:
    """Have an old card id stand for a card 卡号变更."""
    old, new = bytes.fromhex(wish.old_card_id), bytes.fromhex(wish.card_id)
    return await _changed(once, lambda tx: aliases.add_alias(tx, caller, old, new))


@router.put("/second-facts/{scene}", dependencies=[needs(MANAGE)], status_code=204, responses=problems(SceneUnknown))
async def set_second_facts(scene: str, wish: forms.FactsWish, database: DatabaseIn, caller: CallerIn) -> None:
    """Say which second facts a printed code is taken with at a step of treatment; `*` is every other step."""
    await database.transact(lambda tx: policy.set_second_facts(tx, caller, scene, wish.facts))
