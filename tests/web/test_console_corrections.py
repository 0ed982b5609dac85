"""Corrections decided at the console: one operator prepares, another confirms, the resident reads the answer."""

import itertools
from typing import Any
from uuid import UUID

import httpx
from web.forms_shown import once_in

from healthcloud import people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

PEOPLE = itertools.count(320)
ANSWER = "已按身份证更正"


async def asked(clinic: Any, field: str) -> tuple[UUID, str]:
    """Have a resident ask for a correction; return who, and the address of the request."""
    holder = await clinic.card_of(next(PEOPLE))
    wish = people.requests.read_asked("correction", field, "与身份证不同")
    request = await clinic.city.database.transact(lambda tx: people.requests.ask(tx, holder, wish))
    return holder.person_id, f"/console/requests/{holder.person_id}/{request.id}"


async def fill(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await browser.post(path, data={"once": once_in(await browser.get(path)), **form})


async def name_of(clinic: Any, person_id: UUID) -> str:
    async with clinic.city.database.read() as read:
        return str((await people.faces(read, None, [person_id]))[person_id].face.name)


async def test_one_prepares_and_only_another_confirms(clinic: Any, operator: httpx.AsyncClient) -> None:
    person_id, path = await asked(clinic, "name")
    before = await name_of(clinic, person_id)
    assert "更正" in (await operator.get(path)).text
    sent = await fill(operator, f"{path}/correct", value="赵新名", evidence="居民身份证原件", answer=ANSWER)
    assert sent.headers["location"].endswith("done=proposed")
    assert await name_of(clinic, person_id) == before
    compared = await operator.get(f"{path}/confirm")
    assert before in compared.text
    assert "赵新名" in compared.text
    refused = await operator.post(f"{path}/confirm", data={"once": once_in(compared)})
    assert refused.status_code == 409
    assert "须由另一位工作人员复核" in refused.text
    second = Caller(CallerKind.STAFF, new_id(), frozenset({"people.correct"}))
    request_id = UUID(path.rpartition("/")[2])
    await clinic.city.database.transact(
        lambda tx: people.proposals.confirm_correction(tx, second, person_id, request_id)
    )
    assert await name_of(clinic, person_id) == "赵新名"
    assert (await operator.get(path)).status_code == 409


async def test_what_is_prepared_can_be_put_aside(clinic: Any, operator: httpx.AsyncClient) -> None:
    _, path = await asked(clinic, "birth-date")
    wrong = await fill(operator, f"{path}/correct", value="2999-01-01", evidence="户口簿", answer=ANSWER)
    assert wrong.status_code == 422
    await fill(operator, f"{path}/correct", value="", evidence="户口簿", answer=ANSWER)
    assert "退回" not in (await operator.get(path)).text


async def test_each_field_has_its_own_form(clinic: Any, operator: httpx.AsyncClient) -> None:
    for field, shown in (
        ("number", "原来的号码"),
        ("sex", 'type="radio"'),
        ("ethnicity", "GB/T 3304"),
        ("nationality", "CHN"),
    ):
        _, path = await asked(clinic, field)
        assert shown in (await operator.get(f"{path}/correct")).text
    sent = await fill(operator, f"{path}/correct", value="KOR", evidence="护照原件", answer=ANSWER)
    assert sent.headers["location"].endswith("done=corrected")
    assert "已更正并答复" in (await operator.get(sent.headers["location"])).text


async def test_declined_goes_back_to_the_request(clinic: Any, operator: httpx.AsyncClient) -> None:
    _, path = await asked(clinic, "name")
    await fill(operator, f"{path}/correct", value="钱退回", evidence="居民身份证原件", answer=ANSWER)
    assert (await fill(operator, f"{path}/decline", reason="")).status_code == 422
    sent = await fill(operator, f"{path}/decline", reason="证件看不清")
    assert sent.headers["location"] == path
    assert "tab" in (await operator.get(path)).text
    assert (await operator.get(f"{path}/confirm")).status_code == 404


async def test_whoever_may_not_correct_sees_none_of_it(clinic: Any) -> None:
    _, path = await asked(clinic, "name")
    clerk = await clinic.signed_in("clerk1")
    for rest in ("", "/correct", "/confirm", "/decline"):
        assert (await clerk.get(path + rest)).status_code == 403
