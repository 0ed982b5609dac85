"""The person index at the console, without script: files handed in, what is wrong told in words, one's own only."""

from typing import Any
from uuid import UUID

import httpx
from web.forms_shown import once_in

from healthcloud import index, people
from healthcloud.index.imports.jobs import run_stretch

NEW = "/console/imports/new"
GOOD = "病历号,姓名,出生日期,证件号码\nA1,=坏名字,1900-01-05,\nA2,白小鹭,1900-01-05,\n"


def once_of(page: httpx.Response) -> str:
    return page.text.partition('name="once" value="')[2].partition('"')[0]


async def sent(browser: httpx.AsyncClient, name: str, content: bytes, **form: str) -> httpx.Response:
    once = once_of(await browser.get(NEW))
    return await browser.post(NEW, data={"once": once, **form}, files={"file": (name, content)})


async def column_form(browser: httpx.AsyncClient, path: str, **columns: str) -> httpx.Response:
    once = once_of(await browser.get(f"{path}/columns"))
    return await browser.post(f"{path}/columns", data={"once": once, **columns})


async def test_a_small_file_goes_in_without_script_and_its_wrong_rows_come_back(clinic: Any) -> None:
    manager, database = await clinic.signed_in("manager1"), clinic.city.database
    answer = await sent(manager, "小表.csv", GOOD.encode("gb18030"))
    assert answer.status_code == 303
    path = answer.headers["location"].partition("?")[0]
    import_id = UUID(path.rpartition("/")[2])
    assert "刷新进度" in (await manager.get(path)).text
    await index.imports.read_file(database, import_id)
    columns = await manager.get(f"{path}/columns")
    assert "1. 病历号" in columns.text
    assert "白小鹭" not in columns.text, "the preview is masked"
    wrong = await column_form(manager, path, local_number="0", name="0")
    assert wrong.status_code == 422
    assert "同一列被指定了两次" in wrong.text
    right = await column_form(manager, path, local_number="0", name="1", birth_date="2", number="3")
    assert right.headers["location"].endswith("done=try")
    await index.imports.try_import(database, import_id)
    tried = await manager.get(path)
    assert "全部行中会退回 1 行" in tried.text
    once = once_of(tried)
    begun = [await manager.post(f"{path}/start", data={"once": once}) for _ in range(2)]
    assert {one.status_code for one in begun} == {303}, "twice is once"
    while await run_stretch(database, {"import": str(import_id)}, people.Policy.of(clinic.city.settings)):
        pass
    assert (await manager.get(f"{path}/part")).json()["state"] == "done"
    rejected = (await manager.get(f"{path}/rejected")).content.decode("gb18030")
    assert "A1,'=坏名字,1900-01-05" in rejected
    assert "A2" not in rejected
    assert "A2" in (await manager.get(f"{path}/answers")).content.decode("gb18030")
    stranger = await clinic.signed_in("reviewer1")
    assert (await stranger.get(path)).status_code == 403


async def test_what_is_no_table_is_told_in_words(clinic: Any, operator: httpx.AsyncClient) -> None:
    nobodys = await sent(operator, "a.csv", GOOD.encode())
    assert nobodys.status_code == 422
    assert "请从列表中选择" in nobodys.text
    place = str(clinic.loaded.hospitals[2].id)
    nothing = await operator.post(NEW, data={"once": once_of(await operator.get(NEW)), "institution_id": place})
    assert nothing.status_code in (400, 422)
    answer = await sent(operator, "a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, institution_id=place)
    path = answer.headers["location"].partition("?")[0]
    await index.imports.read_file(clinic.city.database, UUID(path.rpartition("/")[2]))
    assert "旧版 Excel" in (await operator.get(path)).text
    manager = await clinic.signed_in("manager1")
    assert (await manager.get(path)).status_code == 404, "another institution's"
    assert "a.xls" not in (await manager.get("/console/imports")).text


async def test_an_import_is_cancelled_after_a_question(operator: httpx.AsyncClient, clinic: Any) -> None:
    place = str(clinic.loaded.hospitals[1].id)
    path = (await sent(operator, "b.csv", GOOD.encode(), institution_id=place)).headers["location"].partition("?")[0]
    page = await operator.get(f"{path}/cancel")
    assert "已登记的行保留" in page.text
    done = await operator.post(f"{path}/cancel", data={"once": once_in(page)})
    assert "已取消" in (await operator.get(done.headers["location"])).text


async def test_pieces_are_told_to_the_script_and_faults_too(operator: httpx.AsyncClient, clinic: Any) -> None:
    place, content = str(clinic.loaded.hospitals[1].id), GOOD.encode() + b"B3,x,1900-01-07,\n"
    announced = {"institution_id": place, "name": "c.csv", "size": str(len(content)), "digest": "ab" * 32}
    told = await operator.post("/console/imports/announce", data=announced)
    path = told.json()["href"]
    assert (told.json()["have"], told.json()["whole"]) == ([], False)
    early = await operator.post(f"{path}/whole", data={})
    assert early.status_code == 409
    assert "不一致" in early.json()["told"]
    for _ in range(2):
        assert (await operator.post(f"{path}/pieces/0", files={"piece": ("p", content)})).status_code == 200
    again = await operator.post("/console/imports/announce", data=announced)
    assert again.json()["have"] == [0], "an upload broken off goes on"
    assert (await operator.post(f"{path}/whole", data={})).json()["next"].startswith(path)
    bad = await operator.post("/console/imports/announce", data=announced | {"digest": "zz"})
    assert bad.status_code == 422


async def test_whom_the_queue_is_not_for_sees_none_of_it(clinic: Any, operator: httpx.AsyncClient) -> None:
    for path in ("/console/questions", "/console/questions/sample", "/console/questions/history", "/console/persons"):
        assert (await operator.get(path)).status_code == 403
        assert (await (await clinic.signed_in("manager1")).get(path)).status_code == 403


async def test_an_institution_sees_its_own_quality_only(clinic: Any) -> None:
    manager = await clinic.signed_in("manager1")
    await clinic.city.database.transact(index.quality.count)
    own, other = (clinic.loaded.hospitals[place] for place in (1, 2))
    assert own.name in (await manager.get("/console/quality")).text
    assert (await manager.get(f"/console/quality/{other.id}")).status_code == 403
    city = await clinic.signed_in("system")
    assert own.name in (await city.get("/console/quality")).text


async def test_a_resident_is_found_with_a_reason_and_shown_with_sources(clinic: Any) -> None:
    reviewer = await clinic.signed_in("reviewer1")
    page = await reviewer.get("/console/persons?by=local")
    form = {"by": "local", "institution_id": str(clinic.loaded.hospitals[1].id), "number": "A2"}
    refused = await reviewer.post("/console/persons", data={"once": once_in(page), **form})
    assert refused.status_code == 422
    found = await reviewer.post("/console/persons", data={"once": once_in(page), "reason": "医院来函核对", **form})
    assert found.status_code == 303
    shown = await reviewer.get(found.headers["location"])
    assert "白小鹭" in shown.text
    assert "唯一的说法" in shown.text
