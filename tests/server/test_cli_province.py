"""`healthcloud province`, from the command line."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
from fixtures.databases import Copy

from healthcloud.server.cli.exits import Exit

HOSPITAL = (
    "institution",
    "add",
    "演示医院",
    "--number",
    "other=D1",
    "--class",
    "A100",
    "--ownership",
    "1",
    "--district",
    "370402",
)


def test_what_the_province_refused_is_listed_and_sent_again(command: Any, fresh_copy: Copy) -> None:
    assert command("codes", "load").code == Exit.DONE
    assert command(*HOSPITAL).code == Exit.DONE
    [place] = command("institution", "list", "--json").json
    refused_id = asyncio.run(_refuse(fresh_copy, place["id"]))
    [line] = command("province", "status", "--json").json
    assert (line["refused"], line["waiting"], line["uploaded"], line["late"]) == (1, 0, 0, 0)
    assert line["held"] == "code 00 超过当日限额"
    [one] = command("province", "refused", "--json").json
    assert (one["id"], one["code"], one["msg"]) == (str(refused_id), "00", "诊疗环节未备案")
    assert command("province", "resend", "D1", "--id", str(refused_id), "--reason", "已备案").code == Exit.DONE
    assert command("province", "refused", "--json").json == []
    [line] = command("province", "status", "--json").json
    assert (line["refused"], line["waiting"]) == (0, 1)
    assert command("province", "resend", "D1").code == Exit.FAILED


async def _refuse(copy: Copy, place: str) -> UUID:
    connection = await asyncpg.connect(copy.owner_url)
    try:
        await connection.execute(
            """
            INSERT INTO province.organisations
                   (institution_id, app_id, secret_sealed, is_open, next_at, failures, error, enrolled_at, held_at)
            VALUES ($1, 'APP', decode('00', 'hex'), true, now(), 1, 'code 00 超过当日限额', now(), now())
            """,
            UUID(place),
        )
        refused_id: UUID = await connection.fetchval(
            """
            INSERT INTO province.usages
                   (institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day, state, batch_id, ended_at,
                    refusal_code, refusal_msg)
            VALUES ($1, decode('00', 'hex'), now(), 0, gen_random_uuid(), '010103', now(),
                    (now() AT TIME ZONE 'Asia/Shanghai')::date, 'refused', gen_random_uuid(), now(),
                    '00', '诊疗环节未备案')
            RETURNING batch_id
            """,
            UUID(place),
        )
    finally:
        await connection.close()
    return refused_id
