"""What a reviewer forgets to look for in a template or a script."""

import re
from pathlib import Path

import pytest

from healthcloud import web

FOLDER = Path(web.__file__).parent
TEMPLATES = {path.relative_to(FOLDER / "templates").as_posix(): path.read_text() for path in FOLDER.rglob("*.html")}
OURS = [
    path for path in (FOLDER / "static").rglob("*") if path.suffix in (".js", ".css") and "vendor" not in path.parts
]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff]")
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
NAMED = re.compile(r"{%-?\s*(?:extends|import|include|from)\s+\"([^\"]+)\"")
EXTENDS = re.compile(r"{%-?\s*extends\s+\"([^\"]+)\"")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_form_that_writes_carries_its_key(name: str) -> None:
    forms = [body for head, body in FORM.findall(TEMPLATES[name]) if 'method="post"' in head]
    assert [body.strip()[:80] for body in forms if "once(once" not in body] == []


def test_a_form_that_writes_without_its_key_is_found() -> None:
    assert FORM.findall('<form method="post" action="/x">\n<button>\n</form>')


def test_every_page_stands_on_a_layout_of_the_kit() -> None:
    used = {name for text in TEMPLATES.values() for name in NAMED.findall(text)}
    standing: list[str] = []
    bare: list[str] = []
    for name in TEMPLATES:
        at = name
        while found := EXTENDS.search(TEMPLATES[at]):
            at = found[1]
        (standing if at == "kit/document.html" else bare).append(name)
    assert "kit/problem.html" in standing
    # What stands on nothing is a part of others, or no page but a document to print.
    assert [name for name in bare if name not in used and not name.startswith("print/")] == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_words_in_scripts_and_styles(path: Path) -> None:
    assert CHINESE.findall(path.read_text()) == []


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_block_of_data_is_json(name: str) -> None:
    blocks = re.findall(r"<script(?![^>]*\ssrc=)([^>]*)>", TEMPLATES[name])
    assert [block for block in blocks if 'type="application/json"' not in block] == []
