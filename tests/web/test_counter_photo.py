"""A photograph at the counter: kept with consent, shown beside a scan to who may see it, compared, deleted."""

import base64
import itertools
import re
from typing import Any

import httpx
import pytest
from people.pictures import picture

from healthcloud import audit
from healthcloud.core.caller import Caller

PEOPLE = itertools.count(220)
ADDRESS = "data:image/jpeg;base64,"


@pytest.fixture
async def desk(clinic: Any) -> httpx.AsyncClient:
    browser: httpx.AsyncClient = await clinic.at_desk("clerk1", 1)
    return browser


@pytest.fixture
async def holder(clinic: Any) -> Caller:
    caller: Caller = await clinic.card_of(next(PEOPLE))
    return caller


def once_in(page: httpx.Response) -> str:
    return str(re.findall(r'name="once" value="([0-9a-f]+)"', page.text)[-1])


async def keeps(desk: httpx.AsyncClient, holder: Caller, file: bytes, **more: str) -> httpx.Response:
    path = f"/counter/people/{holder.person_id}/photo"
    form = {"photo": ADDRESS + base64.b64encode(file).decode(), "once": once_in(await desk.get(path))} | more
    return await desk.post(path, data=form)


async def deeds_of(clinic: Any, holder: Caller) -> list[str]:
    assert holder.person_id is not None
    async with clinic.city.database.read() as read:
        return [deed.deed for deed in await audit.deeds_about(read, [holder.person_id])]


async def test_without_a_consent_or_a_picture_nothing_is_kept(
    clinic: Any, desk: httpx.AsyncClient, holder: Caller
) -> None:
    assert "请先征得同意并勾选" in (await keeps(desk, holder, picture())).text
    for file in (b"GIF89a", picture(900), b""):
        refused = await keeps(desk, holder, file, consent="yes")
        assert refused.status_code == 422
        assert "照片不能使用" in refused.text
    assert "people.photo-kept" not in await deeds_of(clinic, holder)


async def test_a_kept_photo_is_compared_at_a_printed_card(clinic: Any, desk: httpx.AsyncClient, holder: Caller) -> None:
    code = await clinic.code_of(holder)
    printed = f"{code[:64]}:1:::"
    assert "照片与本人一致" not in (await desk.post("/scan", data={"code": printed})).text
    sent = await keeps(desk, holder, picture(), consent="yes")
    assert "照片已留存" in (await desk.get(sent.headers["location"])).text
    asked = await desk.post("/scan", data={"code": printed})
    assert asked.status_code == 422
    assert ADDRESS in asked.text
    assert "照片与本人一致" in asked.text
    taken = await desk.post("/scan", data={"code": printed, "fact": "face", "value": ""})
    assert "核验通过" in taken.text
    assert ADDRESS in taken.text
    assert (await deeds_of(clinic, holder)).count("people.photo-seen") == 2


async def test_whoever_may_not_open_sees_no_photo(clinic: Any, desk: httpx.AsyncClient, holder: Caller) -> None:
    await keeps(desk, holder, picture(), consent="yes")
    system = await clinic.signed_in("system")
    assert (await system.get(f"/counter/people/{holder.person_id}/photo")).status_code == 403
    guest = await clinic.browser().get(f"/counter/people/{holder.person_id}/photo")
    assert guest.headers["location"].startswith("/staff/sign-in")


async def test_the_person_s_wish_at_the_counter_deletes_it(
    clinic: Any, desk: httpx.AsyncClient, holder: Caller
) -> None:
    await keeps(desk, holder, picture(), consent="yes")
    path = f"/counter/people/{holder.person_id}/photo"
    page = await desk.get(path)
    assert ADDRESS in page.text
    sent = await desk.post(f"{path}/remove", data={"once": once_in(page)})
    assert "照片已删除" in (await desk.get(sent.headers["location"])).text
    assert ADDRESS not in (await desk.get(path)).text
    assert {"people.photo-removed", "people.consent-withdrawn"} <= set(await deeds_of(clinic, holder))
