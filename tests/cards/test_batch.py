"""Many codes in one request: each is judged as it would be alone, in the order sent."""

import asyncio
from typing import Any

from cards.scanning import BATCH, CASHIER, REGISTRATION, VERIFY, Hospital, Town, said

from healthcloud.core.ids import new_id


async def batch(town: Town, codes: list[str], at: Hospital | None = None, **more: Any) -> list[str]:
    hospital = at or town.here
    body = {"codes": codes, "scene": REGISTRATION, "terminal": str(hospital.window)} | more
    answer = await town.signed(hospital, BATCH, body)
    assert answer.status_code == 200, answer.text
    return [outcome(one) for one in answer.json()["results"]]


def outcome(result: dict[str, Any]) -> str:
    if result["status"] == "valid":
        return "repeat" if result["use"]["repeat"] else "taken"
    return str(result["problem"]["code"])


async def test_each_code_of_a_batch_has_its_own_result_in_the_order_sent(town: Town) -> None:
    holders = [await town.holder() for _ in range(4)]
    codes = [town.code(holder.card) for holder in holders]
    await town.act(holders[2], "/freeze")
    mixed = [
        codes[3],
        "1" * 28,
        codes[0],
        codes[2],
        codes[0],
        holders[1].card.number + ":1:::",
        "nonsense",
        town.code(holders[1].card, step=-6),
        codes[1],
    ]
    assert await batch(town, mixed) == [
        "taken",
        "insurance-voucher",
        "taken",
        "card-frozen",
        "repeat",
        "second-fact-required",
        "code-unreadable",
        "code-expired",
        "taken",
    ]
    assert await batch(town, codes, town.there) == ["code-replayed", "code-replayed", "card-frozen", "code-replayed"]
    assert [len(await town.uses(holder)) for holder in holders] == [1, 1, 0, 1]


async def test_a_refusal_in_a_batch_is_the_problem_a_single_scan_gets(town: Town) -> None:
    holder = await town.holder()
    await town.act(holder, "/freeze")
    code = town.code(holder.card)
    alone = (await town.scan(code)).json()
    body = {"codes": [code], "scene": REGISTRATION, "terminal": str(town.here.window)}
    [together] = (await town.signed(town.here, BATCH, body)).json()["results"]
    assert together["problem"] == {name: value for name, value in alone.items() if name != "request_id"}


async def test_batches_and_single_scans_of_the_same_codes_race_without_doubling(town: Town) -> None:
    holders = [await town.holder() for _ in range(10)]
    codes = [town.code(holder.card) for holder in holders]
    work = [batch(town, codes + codes[::-1]), batch(town, codes[::-1]), batch(town, codes, town.there)]
    singles = [town.scan(code) for code in codes]
    many, one = await asyncio.gather(asyncio.gather(*work), asyncio.gather(*singles))
    for place, code in enumerate(codes):
        heard = [said(one[place])]
        heard += [
            told
            for sent, result in zip([codes + codes[::-1], codes[::-1]], many, strict=False)
            for sent_code, told in zip(sent, result, strict=True)
            if sent_code == code
        ]
        elsewhere = many[2][place]
        if elsewhere == "taken":
            assert set(heard) == {"code-replayed"}
        else:
            assert elsewhere == "code-replayed"
            assert sorted(heard) == ["repeat"] * (len(heard) - 1) + ["taken"]
    for holder in holders:
        assert len(await town.uses(holder)) == 1


async def test_a_batch_has_one_to_five_hundred_codes(town: Town) -> None:
    for codes in ([], ["x"] * 501):
        refused = await town.signed(town.here, BATCH, {"codes": codes, "terminal": str(town.here.window)})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/codes"
    assert await batch(town, ["x"] * 500) == ["code-unreadable"] * 500


async def test_where_a_batch_is_scanned_is_said_once(town: Town) -> None:
    holder = await town.holder()
    body = {"codes": [town.code(holder.card)], "terminal": str(new_id())}
    refused = await town.signed(town.here, BATCH, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "terminal-unknown")
    assert await batch(town, [town.code(holder.card)], scene=CASHIER) == ["taken"]
    assert (
        said(
            await town.signed(
                town.here, VERIFY, {"code": town.code(holder.card), "scene": CASHIER, "terminal": str(town.here.window)}
            )
        )
        == "repeat"
    )
