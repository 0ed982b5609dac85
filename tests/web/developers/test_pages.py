"""The pages for who connects a system: open to all, whole in both languages, and true to what they speak of."""

import html
import re
from typing import Any

import httpx
import pytest
import typer.main

from healthcloud import access
from healthcloud.core.wording import LANGUAGES
from healthcloud.server.catalogue import every_problem
from healthcloud.server.cli import app as cli
from healthcloud.web.developers import catalogue, changes
from healthcloud.web.developers.diagrams import diagram, names
from healthcloud.web.developers.pages import CHAPTERS
from healthcloud.web.developers.samples import FACES, samples, scenes
from healthcloud.web.developers.writing import FOLDER, read_chapter

PAGES = ("", *(f"/guide/{name}" for name in CHAPTERS), "/reference", "/errors", "/scopes", "/changelog", "/status")
MOST_BYTES = 40_000


async def shown(clinic: Any, path: str, language: str = "zh-CN", status: int = 200) -> str:
    async with httpx.AsyncClient(base_url=clinic.url, trust_env=False, timeout=30) as guest:
        answer = await guest.get(f"/developers{path}", headers={"Cookie": f"hc_language={language}"})
    assert answer.status_code == status, path
    assert answer.headers["content-language"] == language
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_is_there_for_a_guest_and_its_links_lead_somewhere(clinic: Any, language: str) -> None:
    texts = {path: await shown(clinic, path, language) for path in PAGES}
    for path, text in texts.items():
        assert len(re.findall(r"<h1\b", text)) == 1, path
        assert f'<html lang="{language}"' in text
    wanted = {link for text in texts.values() for link in re.findall(r'href="(/developers[^"?]*)', text)}
    assert wanted - {f"/developers{path}" for path in texts} == {
        link for link in wanted if link.startswith("/developers/reference/")
    }


async def test_an_operation_says_what_it_asks_answers_and_refuses(clinic: Any) -> None:
    text = await shown(clinic, "/reference/cards.verify")
    for part in ("POST /api/v1/cards/verify", "second_fact.kind", "person.document_number", "code-replayed"):
        assert part in text
    links = re.findall(r'href="(/developers/reference/[^"]+)"', await shown(clinic, "/reference"))
    assert len(links) > 100
    for link in links[::25]:
        await shown(clinic, link.removeprefix("/developers"), "en")


async def test_what_is_not_there_is_a_page_that_leads_back(clinic: Any) -> None:
    for path in ("/guide/nothing", "/reference/no.such"):
        assert 'href="/developers"' in await shown(clinic, path, status=404)


async def test_every_problem_stands_in_the_catalogue_under_its_code(clinic: Any) -> None:
    text = await shown(clinic, "/errors")
    for kind in every_problem():
        assert f'id="{kind.code}"' in text
        assert html.escape(kind.zh, quote=False).replace("'", "&#39;") in text


def test_advice_is_for_codes_that_are() -> None:
    assert set(catalogue.written_codes()) <= {kind.code for kind in every_problem()}


def test_whether_to_send_again_follows_the_kind_of_refusal() -> None:
    told = {kind.code: catalogue.again(kind) for kind in every_problem()}
    assert (told["outcome-unknown"], told["unavailable"], told["too-many"]) == ("same", "later", "later")
    assert (told["card-frozen"], told["signature-wrong"], told["internal-error"]) == ("never", "never", "later")


async def test_each_scope_a_client_may_hold_is_told(clinic: Any) -> None:
    text = await shown(clinic, "/scopes", "en")
    assert all(f'id="{scope}"' in text for scope in access.roles.CLIENT_SCOPES)


async def test_the_status_page_says_that_the_city_serves(clinic: Any) -> None:
    assert "平台正常提供服务" in await shown(clinic, "/status")


async def test_deprecated_operations_are_in_the_changelog_with_a_day(clinic: Any) -> None:
    async with httpx.AsyncClient(base_url=clinic.url, trust_env=False, timeout=30) as guest:
        document = (await guest.get("/openapi.json")).json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    going = {one["operationId"] for one in operations if one.get("deprecated")}
    told = {one.operation: one for one in changes.changes() if one.kind == "deprecated"}
    assert going <= told.keys()
    assert all(one.ends is not None and one.ends > one.on for one in told.values())
    assert all(one.kind in changes.KINDS and one.zh and one.en for one in changes.changes())


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_alike_in_both_languages(name: str) -> None:
    chinese, english = (read_chapter(language, name) for language in LANGUAGES)
    for kind in ("samples", "diagram"):
        assert chinese.named(kind) == english.named(kind)
    assert [block.kind for block in chinese.blocks] == [block.kind for block in english.blocks]
    rows = [[len(block.rows) for block in one.blocks] for one in (chinese, english)]
    assert rows[0] == rows[1]


def test_no_chapter_sample_or_diagram_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*/*.md")} == set(CHAPTERS)
    chapters = [read_chapter("zh-CN", name) for name in CHAPTERS]
    assert {one for chapter in chapters for one in chapter.named("diagram")} == set(names())
    used = {one for chapter in chapters for one in chapter.named("samples")}
    assert used - {"signing", "sandbox-keys", *FACES} == set(scenes())
    assert used >= FACES.keys()


@pytest.mark.parametrize("name", names())
def test_a_diagrams_arrows_begin_and_end_at_its_parties(name: str) -> None:
    for language in LANGUAGES:
        one = diagram(language, name)
        places = {x for _, x in one.parties}
        assert all({step.x1, step.x2} <= places and step.y < one.height for step in one.messages)


def test_the_commands_the_guide_shows_are_there() -> None:
    told = "\n".join((FOLDER / "zh-CN" / f"{name}.md").read_text() for name in CHAPTERS)
    commands = re.findall(r"bin/healthcloud (\w+)", told)
    assert commands
    assert set(commands) <= set(getattr(typer.main.get_command(cli), "commands", {}))


async def test_what_is_shown_is_what_the_samples_hold(clinic: Any) -> None:
    text = html.unescape(await shown(clinic, "/guide/signing"))
    assert all(sample.text in text for sample in samples("signing"))
    text = html.unescape(await shown(clinic, "/guide/scan"))
    assert all(sample.text in text for sample in samples("scan"))


def test_no_sample_holds_a_key() -> None:
    every = [sample.text for name in ("signing", *scenes()) for sample in samples(name)]
    assert not re.findall(r"[A-Za-z0-9+/]{43}=|[0-9a-f]{8}-[0-9a-f]{4}-", "\n".join(every))
