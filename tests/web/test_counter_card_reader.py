"""A whole identity card at the counter: one line fills the form in; what is agreed to is kept, an expired one told."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from people.makers import next_number

from healthcloud import people
from healthcloud.core.caller import SYSTEM

ADDRESS = "山东省枣庄市薛城区光明路街道一号楼2单元301室"
TICKED = {"seen": "yes", "consent": "yes"}


@pytest.fixture
async def desk(clinic: Any) -> httpx.AsyncClient:
    browser: httpx.AsyncClient = await clinic.at_desk("clerk1", 1)
    return browser


def line(number: str, *, until: str = "20990102") -> str:
    return f"张晓兰|女|汉|{number[6:14]}|{ADDRESS}|{number}|枣庄市公安局薛城分局|20150102|{until}"


def filled(page: httpx.Response) -> dict[str, str]:
    """Return what the form shows in its fields and its chosen option."""
    found = dict(re.findall(r'<input id="([a-z_]+)" name="[a-z_]+" type="(?:text|date)" value="([^"]*)"', page.text))
    chosen = re.search(r'<select id="ethnicity".*?<option value="(\d\d)" selected', page.text, re.DOTALL)
    return found | ({"ethnicity": chosen.group(1)} if chosen else {})


def carried(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page.text))


async def test_one_line_fills_the_form_in(desk: httpx.AsyncClient) -> None:
    number = next_number(male=False)
    page = await desk.post("/counter/register/adult", data={"step": "read", "record": line(number)})
    assert page.status_code == 200
    assert "已按身份证填好" in page.text
    shown = filled(page)
    assert (shown["number"], shown["name"], shown["ethnicity"]) == (number, "张晓兰", "01")
    assert (shown["address"], shown["authority"]) == (ADDRESS, "枣庄市公安局薛城分局")
    assert (shown["valid_from"], shown["valid_to"]) == ("2015-01-02", "2099-01-02")


@pytest.mark.parametrize("agrees", [True, False])
async def test_what_is_kept_is_what_was_agreed_to(clinic: Any, desk: httpx.AsyncClient, agrees: bool) -> None:  # noqa: FBT001 - given by the parameters
    number = next_number(male=False)
    page = await desk.post("/counter/register/adult", data={"step": "read", "record": line(number)})
    form = {"kind": "01"} | filled(page) | TICKED | ({"keep_record": "yes"} if agrees else {})
    looked = await desk.post("/counter/register/adult", data=form, follow_redirects=True)
    assert ADDRESS in looked.text
    sent = await desk.post("/counter/register/adult", data=carried(looked) | {"step": "open"})
    person_id = UUID(sent.headers["location"].partition("?")[0].rpartition("/")[2])
    async with clinic.city.database.read() as read:
        kept = await people.id_records.record_of(read, person_id)
    seen = await clinic.city.database.transact(lambda tx: people.open_person(tx, SYSTEM, person_id, "核对"))
    assert seen.face.ethnicity == "01"
    if agrees:
        assert kept == people.id_records.IdRecord(ADDRESS, "枣庄市公安局薛城分局", date(2015, 1, 2), date(2099, 1, 2))
    else:
        assert kept is None


async def test_an_expired_card_is_told_and_refuses_nobody(desk: httpx.AsyncClient) -> None:
    number = next_number(male=False)
    page = await desk.post("/counter/register/elder", data={"step": "read", "record": line(number, until="20250102")})
    assert "证件已于 2025-01-02 过期" in page.text
    looked = await desk.post(
        "/counter/register/elder", data={"kind": "01"} | filled(page) | TICKED, follow_redirects=True
    )
    assert looked.status_code == 200
    assert "证件已于 2025-01-02 过期" in looked.text


async def test_what_is_no_card_is_said_at_its_field(desk: httpx.AsyncClient) -> None:
    for record in ("", "张晓兰|女|汉", f"{next_number()}|{next_number()}", "<script>alert(1)</script>"):
        page = await desk.post("/counter/register/adult", data={"step": "read", "record": record})
        assert page.status_code == 422
        assert "读卡器整条记录" in page.text
        assert "<script>alert" not in page.text
