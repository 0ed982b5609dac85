"""Home, hospitals, guides and help: what guests read, and what residents and elders meet first."""

import re
from typing import Any

import pytest
from web.households import settle

from healthcloud.web.resident.guides import ELDER_WORDS, GUIDES, LEGAL, read_guide
from healthcloud.web.wording import LANGUAGES


async def test_a_guest_learns_what_this_is_and_reads_without_signing_in(clinic: Any) -> None:
    browser = clinic.browser()
    page = await browser.get("/")
    assert page.status_code == 200
    for href in ("/sign-in", "/hospitals", "/guides", "/help", "/guides/privacy", "tel:12320"):
        assert f'"{href}' in page.text
    for path in ("/hospitals", "/hospitals?fever=1", "/guides", "/help", *(f"/guides/{one}" for one in GUIDES + LEGAL)):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert "12320" in answer.text


async def test_every_link_of_the_pages_for_guests_leads_somewhere(clinic: Any) -> None:
    browser = clinic.browser()
    seen: set[str] = set()
    waiting = ["/", "/guides", "/help"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = await browser.get(path)
        assert page.status_code in (200, 303), path
        if path.startswith(("/guides", "/help")) or path == "/":
            waiting += re.findall(r'href="(/(?!static)[^"#]*)"', page.text)


async def test_elders_have_a_page_of_six_rows(clinic: Any) -> None:
    browser = clinic.browser()
    switched = await browser.post("/display", data={"once": "1234567890", "size": "elder", "back": "/"})
    assert switched.status_code == 303
    page = await browser.get("/")
    rows = page.text.split('class="rows"')[1].split("</nav>")[0]
    assert re.findall(r"<span>([^<]+)<small>", rows) == [
        "出示健康卡",
        "找医生挂号",
        "看报告",
        "我的预约",
        "家人代办",
        "打电话求助",
    ]
    for href in re.findall(r'href="(/[^"]*)"', rows):
        assert (await browser.get(href)).status_code in (200, 303), href


@pytest.mark.parametrize("word", ["长辈版", "亲情版", "关爱版", "关怀版"])
async def test_every_name_of_the_elder_version_leads_to_its_switch(clinic: Any, word: str) -> None:
    assert word in ELDER_WORDS
    for path in ("/help", "/hospitals"):
        page = await clinic.browser().get(path, params={"q": word})
        assert 'name="size" value="elder"' in page.text


async def test_a_hospital_is_found_by_name_initials_and_fever_clinic(clinic: Any) -> None:
    browser = clinic.browser()
    page = await browser.get("/hospitals")
    names = re.findall(r'<li><a href="(/hospitals/[^"]+)">([^<]+)</a>', page.text)
    assert len(names) == 20
    assert 'rel="next"' in page.text
    following = re.search(r'href="([^"]+)" rel="next"', page.text)
    assert following is not None
    rest = await browser.get(following[1].replace("&amp;", "&"))
    assert not set(names) & set(re.findall(r'<li><a href="(/hospitals/[^"]+)">([^<]+)</a>', rest.text))
    href, name = names[0]
    assert name in (await browser.get("/hospitals", params={"q": name[:6]})).text
    one = await browser.get(href)
    assert name in one.text
    assert 'class="tags"' in one.text
    fever = await browser.get("/hospitals?fever=1")
    assert fever.text.count("<b>有发热门诊</b>") == fever.text.count("<li><a href=")
    nothing = await browser.get("/hospitals", params={"q": "没有这样的医院", "level": "9", "cursor": "x"})
    assert "没有找到这样的医院" in nothing.text
    assert (await browser.get("/hospitals/00000000-0000-0000-0000-000000000000")).status_code == 404
    assert (await browser.get("/guides/none")).status_code == 404


async def test_a_resident_sees_their_card_and_no_name_of_theirs_whole(clinic: Any) -> None:
    one = await settle(clinic, 9)
    page = await one.browser.get("/")
    assert "出示健康卡" in page.text
    assert one.form.name is not None
    assert one.form.name not in page.text
    assert one.form.name[0] in page.text
    for href in re.findall(r'href="(/(?!static)[^"#]*)"', page.text):
        assert (await one.browser.get(href)).status_code in (200, 303), href


def test_the_guides_say_the_same_in_both_languages() -> None:
    for name in GUIDES + LEGAL:
        chinese, english = (read_guide(language, name) for language in LANGUAGES)
        assert [block.kind for block in chinese.blocks] == [block.kind for block in english.blocks], name
        links = [
            [run.href for block in one.blocks for line in block.lines for run in line if run.href]
            for one in (chinese, english)
        ]
        assert sorted(links[0]) == sorted(links[1]), name
        assert [len(block.lines) for block in chinese.blocks] == [len(block.lines) for block in english.blocks], name
