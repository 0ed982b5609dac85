"""Refused scans are kept for the card's owner, and cannot fill a disk."""

from uuid import UUID

from cards.scanning import Town, said

from healthcloud import audit
from healthcloud.cards.verification.refusals import KEPT_FOR_SECONDS, MOST, RefusalKeeper

HERE, THERE = UUID(int=1), UUID(int=2)


async def test_the_same_refusal_is_one_line_in_ten_minutes(town: Town) -> None:
    holder = await town.holder()
    code = town.code(holder.card)
    assert said(await town.scan(code)) == "taken"
    for _ in range(5):
        assert said(await town.scan(code, town.there)) == "code-replayed"
    await town.act(holder, "/freeze")
    assert said(await town.scan(code, town.there)) == "card-frozen"
    async with town.database.read() as read:
        told = await audit.deeds_about(read, [holder.person_id])
    reasons = [(one.reason, one.terminal_id) for one in told if one.deed == "cards.scan-refused"]
    assert reasons == [("card-frozen", town.there.window), ("code-replayed", town.there.window)]


def test_a_refusal_is_wanted_again_after_its_time_and_another_at_once() -> None:
    keeper = RefusalKeeper()
    refused = (b"c" * 32, "code-replayed", HERE)
    assert keeper.wants(refused, 0)
    keeper.kept(refused, 0)
    assert not keeper.wants(refused, KEPT_FOR_SECONDS - 1)
    assert keeper.wants((b"c" * 32, "code-replayed", THERE), 1)
    assert keeper.wants((b"c" * 32, "card-frozen", HERE), 1)
    assert keeper.wants(refused, KEPT_FOR_SECONDS)


def test_a_full_keeper_wants_nothing_until_the_oldest_is_over() -> None:
    keeper = RefusalKeeper()
    for number in range(MOST):
        keeper.kept((number.to_bytes(32, "big"), "code-replayed", HERE), number / 1000)
    new = (b"n" * 32, "code-replayed", HERE)
    assert not keeper.wants(new, KEPT_FOR_SECONDS - 1)
    assert keeper.wants(new, KEPT_FOR_SECONDS + 1)
