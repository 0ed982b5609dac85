"""Batches of prepared cards at the console: ordered once, progress seen, wrong rows taken back, stock counted."""

import itertools
import re
from typing import Any

import httpx
from people.makers import next_number
from web.forms_shown import once_in

from healthcloud import cards, people
from healthcloud.cards.stock.jobs import make_batch
from healthcloud.core.background import Progress
from healthcloud.core.caller import SYSTEM
from healthcloud.server.demonstration import resident

PEOPLE = itertools.count(360)
NEW = "/console/cards/batches/new"


async def a_row(clinic: Any) -> str:
    """Register somebody without a card; return their line of a list."""
    form, database = resident(next(PEOPLE)), clinic.city.database
    registration = people.read_registration(form, database.clock.now().date())
    seen = people.Verification(people.Level.FACE_TO_FACE, "document-seen")
    await database.transact(lambda tx: people.register(tx, SYSTEM, registration, seen, people.Policy()))
    document = registration.documents[0]
    return f"{document.kind},{document.number},{registration.name}"


async def finish(clinic: Any, batch: str) -> None:
    body: Any = {"batch": batch}
    while isinstance(progress := await clinic.city.database.transact(lambda tx, b=body: make_batch(tx, b)), Progress):
        body = progress.body


async def test_a_batch_is_ordered_once_made_and_its_wrong_rows_come_back(
    clinic: Any, operator: httpx.AsyncClient
) -> None:
    number = next_number()
    rows = "\n".join([await a_row(clinic), await a_row(clinic), f"01,{number},=没登记过"])
    form = {"once": once_in(await operator.get(NEW)), "name": "临山镇新参保", "rows": rows}
    sent, again = [await operator.post(NEW, data=form) for _ in range(2)]
    assert sent.headers["location"] == again.headers["location"]
    path = sent.headers["location"].partition("?")[0]
    assert "制卡中 0/3" in (await operator.get(sent.headers["location"])).text
    await finish(clinic, path.rpartition("/")[2])
    shown = await operator.get(path)
    assert "已完成" in shown.text
    assert "没有登记过，请先登记" in shown.text
    assert number not in shown.text
    file = await operator.get(f"{path}/rejected.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert f"01,{number},'=没登记过,没有登记过，请先登记" in file.text
    rejected = file.text.removeprefix("\ufeff").splitlines()
    assert [one.name for one in cards.stock.read_rows("\n".join(rejected))] == ["=没登记过"], (
        "sent again, it is the same"
    )
    listed = await operator.get("/console/cards/batches")
    assert "临山镇新参保" in listed.text
    assert listed.text.count("临山镇新参保") == 1
    async with clinic.city.database.read() as read:
        [batch] = await cards.stock.batches(read, SYSTEM)
        assert (await cards.stock.tally_of(read, SYSTEM, batch.id)).waiting == 2


async def test_what_is_wrong_with_a_list_is_said_at_its_field(operator: httpx.AsyncClient) -> None:
    for rows, told in (("", "请按每人一行填写"), ("01,370402190001010015", "第 1 行缺少")):
        form = {"once": once_in(await operator.get(NEW)), "name": "测试", "rows": rows}
        refused = await operator.post(NEW, data=form)
        assert refused.status_code == 422
        assert told in refused.text


async def test_a_terminal_s_step_and_client_are_changed(clinic: Any) -> None:
    manager, hospital = await clinic.signed_in("manager1"), clinic.loaded.hospitals[1]
    terminal = hospital.terminals[0].id if hasattr(hospital, "terminals") else None
    page = await manager.get(f"/console/institutions/{hospital.id}")
    terminal = terminal or re.findall(r"/terminals/([0-9a-f-]{36})", page.text)[0]
    path = f"/console/institutions/{hospital.id}/terminals/{terminal}"
    sent = await manager.post(
        f"{path}/scene", data={"once": once_in(await manager.get(f"{path}/scene")), "scene_code": "010103"}
    )
    assert "诊疗环节已更改" in (await manager.get(sent.headers["location"])).text
    wrong = await manager.post(
        f"{path}/scene", data={"once": once_in(await manager.get(f"{path}/scene")), "scene_code": "999999"}
    )
    assert wrong.status_code == 422
    stranger = await manager.post(
        f"{path}/client",
        data={
            "once": once_in(await manager.get(f"{path}/client")),
            "client_id": "00000000-0000-0000-0000-000000000001",
        },
    )
    assert stranger.status_code in (404, 409, 422)
    sent = await manager.post(f"{path}/client", data={"once": once_in(await manager.get(f"{path}/client"))})
    assert "接入程序已更改" in (await manager.get(sent.headers["location"])).text
