"""A resident's card over HTTP: shown, refreshed, frozen, printed; nobody else's is told apart from none."""

import re
import zlib
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from web.households import Resident, another_browser, bear, settle

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.ids import new_id
from healthcloud.server.demonstration.residents import may_be_mother
from healthcloud.server.demonstration.residents import resident as demonstrated
from healthcloud.web import card_label

SCALE = 4


def read_modules(rectangles: list[tuple[float, float, float, float]], side: float) -> str:
    """Paint dark rectangles into a square and read the picture."""
    width = int(side * SCALE)
    picture = bytearray(b"\xff" * width * width)
    for x, y, across, down in rectangles:
        for row in range(round(y * SCALE), round((y + down) * SCALE)):
            start = row * width + round(x * SCALE)
            end = row * width + round((x + across) * SCALE)
            picture[start:end] = bytes(end - start)
    found = zxingcpp.read_barcode(memoryview(picture).cast("B", (width, width)))
    assert found is not None
    return found.text


def read_page(text: str) -> str:
    """Read the code of a page, or of the answer for it."""
    side = float(re.findall(r'viewBox="0 0 (\d+) \d+" shape-rendering', text)[0])
    found = re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", text)
    return read_modules([(float(x), float(y), float(across), 1.0) for x, y, across in found], side)


def read_pdf(pdf: bytes) -> str:
    """Read the code of a printed card from the paths of the PDF."""
    content = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            content += zlib.decompress(stream)
        except zlib.error:
            continue
    number = rb"(-?[\d.]+)"
    path = rb"\s+".join([number + rb"\s+" + number + rb"\s+m", *[number + rb"\s+" + number + rb"\s+l"] * 3])
    corners = [[float(one) for one in found] for found in re.findall(path, content)]
    boxes = [(min(c[0::2]), min(c[1::2]), max(c[0::2]) - min(c[0::2]), max(c[1::2]) - min(c[1::2])) for c in corners]
    assert boxes
    return read_modules(boxes, max(x + across for x, _, across, _ in boxes) + 4)


@pytest.fixture(scope="module")
async def one(clinic: Any) -> Resident:
    return await settle(clinic, 301)


async def test_guests_are_sent_to_sign_in_and_come_back(clinic: Any) -> None:
    paths = ("", "/plain", "/offline", "/open", "/detail", "/freeze", "/label", "/enlarge")
    for path in (f"/card{path}" for path in paths):
        answer = await clinic.browser().get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


async def test_the_card_shows_a_code_that_a_counter_takes(clinic: Any, one: Resident) -> None:
    page = (await one.browser.get("/card/plain")).text
    assert str(one.form.name) not in page
    assert one.document.number not in page
    code = read_page(page)
    assert re.fullmatch(r"[0-9A-F]{64}:0:[0-9A-F]{32}::", code)
    desk = await clinic.at_desk("clerk1", 1)
    assert "核验通过" in (await desk.post("/scan", data={"code": code})).text
    page = (await one.browser.get("/card/plain")).text
    assert 'class="plate last"' in page
    assert "还没有使用过" not in page


async def test_the_code_is_renewed_by_the_servers_clock(one: Resident) -> None:
    answer = await one.browser.get("/card/now")
    told = answer.json()
    code = told["code"]
    assert answer.headers["cache-control"] == "no-store"
    assert told["now"] < code["refresh_at"] < code["valid_until"]
    assert code["refresh_at"] - told["now"] <= 60_000
    assert (told["standing"], told["person"], told["members"][0]["person"]) == ("normal", "", "")
    assert str(one.form.name) not in answer.text
    assert one.document.number not in answer.text
    assert re.fullmatch(r"[0-9A-F]{64}:0:[0-9A-F]{32}::", code["text"])


async def test_who_may_not_look_is_told_where_to_go(clinic: Any, one: Resident) -> None:
    guest = await clinic.browser().get("/card/now")
    assert (guest.status_code, guest.json()) == (401, {"go": "/sign-in?next=/card"})
    staff = await (await clinic.at_desk("clerk1", 1)).get("/card/now")
    assert (staff.status_code, staff.json()) == (403, {"go": "/card/plain"})
    stranger = uuid4()
    nobody = await one.browser.get(f"/card/now?person={stranger}")
    assert (nobody.status_code, nobody.json()) == (404, {"go": f"/card/plain?person={stranger}"})


async def test_nobody_elses_card_is_told_apart_from_none(clinic: Any, one: Resident) -> None:
    other = await settle(clinic, 302)
    for path in ("/plain", "/now", "/detail", "/open", "/freeze", "/label", "/enlarge"):
        theirs = await one.browser.get(f"/card{path}?person={other.person_id}")
        nobodys = await one.browser.get(f"/card{path}?person={uuid4()}")
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert (await one.post(f"/card/freeze?person={other.person_id}")).status_code == 404


async def test_a_card_is_frozen_once_and_unfrozen_after_a_check(clinic: Any) -> None:
    holder = await settle(clinic, 303)
    second = await another_browser(clinic, holder)
    before = read_page((await holder.browser.get("/card/plain")).text)
    form = {"once": new_id().hex}
    for browser in (holder.browser, holder.browser):
        done = await browser.post("/card/freeze", data=form)
        assert done.headers["location"] == "/card/changed/freeze"
    assert "从现在起没有人能用这张卡" in (await holder.browser.get("/card/changed/freeze")).text
    shown = (await second.get("/card/plain")).text
    assert "已挂失" in shown
    assert "plate-code" not in shown
    told = (await second.get("/card/now")).json()
    assert (told["standing"], told["code"]) == ("frozen", None)
    desk = await clinic.at_desk("clerk1", 1)
    assert "核验通过" not in (await desk.post("/scan", data={"code": before})).text
    refused = await holder.post("/card/unfreeze")
    assert refused.status_code == 409
    assert "/real-name?next=/card/unfreeze" in refused.text
    database = clinic.city.database
    await database.transact(lambda tx: cards.unfreeze(tx, SYSTEM, holder.person_id))
    assert read_page((await second.get("/card/plain")).text) != before


async def test_a_card_is_cancelled_with_a_tick_and_restored(clinic: Any) -> None:
    holder = await settle(clinic, 304)
    assert (await holder.post("/card/cancel")).status_code == 422
    assert (await holder.post("/card/cancel", agree="yes")).headers["location"] == "/card/changed/cancel"
    assert "恢复健康卡" in (await holder.browser.get("/card/plain")).text
    assert (await holder.post("/card/open")).status_code == 422
    restored = await holder.post("/card/open", agree="yes")
    assert restored.headers["location"] == "/card/open/done?outcome=restored"
    assert "plate-code" in (await holder.browser.get("/card/plain")).text


async def test_who_has_a_card_is_told_so(one: Resident) -> None:
    page = (await one.browser.get("/card/open")).text
    assert "已有健康卡" in page
    assert '<form method="post" action="/card/open' not in page
    again = await one.post("/card/open", agree="yes")
    assert again.headers["location"] == "/card/open/done?outcome=existing"


async def test_a_name_only_declared_gets_a_way_on(clinic: Any) -> None:
    declared = await settle(clinic, 305, card=False, level=people.Level.DECLARED)
    page = (await declared.browser.get("/card/open")).text
    assert "持证件到任一医院窗口核验一次" in page
    assert 'href="/hospitals"' in page
    assert (await declared.post("/card/open", agree="yes")).status_code == 422


async def test_a_mother_opens_and_shows_her_newborns_card(clinic: Any) -> None:
    n = next(n for n in range(320, 800) if may_be_mother(demonstrated(n)) and demonstrated(n).phone)
    mother = await settle(clinic, n)
    child = await bear(clinic, mother)
    assert (await mother.post("/family/newborn", child=str(child))).status_code == 303
    assert "新生儿卡" in (await mother.browser.get(f"/card/open?person={child}")).text
    opened = await mother.post(f"/card/open?person={child}", agree="yes")
    assert opened.headers["location"] == f"/card/open/done?outcome=issued&person={child}"
    page = (await mother.browser.get(f"/card/plain?person={child}")).text
    assert "新生儿卡" in page
    assert f'href="/card/plain?person={child}" aria-current="true"' in page
    own, theirs = read_page((await mother.browser.get("/card/plain")).text), read_page(page)
    assert own[:64] != theirs[:64]


@pytest.mark.parametrize("paper", ["label", "a5", "a4"])
async def test_a_printed_card_is_read_from_its_pdf(one: Resident, paper: str) -> None:
    answer = await one.post("/card/label", paper=paper)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    code = read_pdf(answer.content)
    assert code[:64] == read_page((await one.browser.get("/card/plain")).text)[:64]
    assert ":0:" not in code
    assert "打印了您的静态健康卡码" in (await one.browser.get("/looks")).text


async def test_the_same_form_prints_on_one_paper_after_another(one: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    async def printed(_: str, style: str, paper: str) -> bytes:
        return f"%PDF {style} {paper}".encode()

    monkeypatch.setattr(card_label, "print_pdf", printed)  # what it prints is read above
    form = {"once": new_id().hex}
    for paper in ("a5", "label", "a5"):
        answer = await one.browser.post("/card/label", data=form | {"paper": paper})
        assert (answer.status_code, answer.text) == (200, f"%PDF {card_label.PAPERS[paper]} {paper}")


async def test_a_print_without_a_paper_or_a_card_is_no_print(clinic: Any, one: Resident) -> None:
    assert (await one.post("/card/label", paper="a0")).status_code == 422
    cardless = await settle(clinic, 306, card=False)
    assert (await cardless.post("/card/label", paper="a5")).status_code == 404


async def test_a_phone_is_removed_from_the_card(clinic: Any) -> None:
    holder = await settle(clinic, 307)
    enrolled = await holder.browser.post(
        "/api/v1/cards/phones", json={"label": "妈妈的旧手机"}, headers={"Idempotency-Key": new_id().hex}
    )
    assert enrolled.status_code == 201
    page = (await holder.browser.get("/card/detail")).text
    assert "妈妈的旧手机" in page
    [address] = re.findall(r'action="(/card/phones/[^"]+)"', page)
    assert (await holder.post(address)).headers["location"] == "/card/detail"
    assert "妈妈的旧手机" not in (await holder.browser.get("/card/detail")).text


async def test_who_may_not_consent_for_somebody_is_told_who_may(clinic: Any, one: Resident) -> None:
    other = await settle(clinic, 308, card=False)
    asked = {"name": other.form.name or "", "kind": other.document.kind, "number": other.document.number}
    await one.post("/family/add/other", **asked, **{"relation": "other", "scope-card": "yes"}, confirmed="yes")
    grant = re.findall(r'action="(/family/[^"]+)/accept"', (await other.browser.get("/family")).text)
    [at] = grant or re.findall(
        r'href="(/family/[0-9a-f-]{36}/[0-9a-f-]{36})"', (await other.browser.get("/family")).text
    )
    assert (await other.post(f"{at}/accept")).status_code == 303
    refused = await one.post(f"/card/open?person={other.person_id}", agree="yes")
    assert refused.status_code == 404
    assert "代办范围不含“代为同意”" in refused.text
