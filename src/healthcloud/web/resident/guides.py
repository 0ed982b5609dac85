"""Guides, help and the legal pages: Markdown files by language, read without signing in."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud.core.http import needs_nothing
from healthcloud.web.page import page, words_of

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parents[1] / "guides"
READ_BY_ALL = "guides, help and the legal pages are for everybody"
ELDER_WORDS = ("长辈版", "亲情版", "关爱版", "关怀版", "大字版", "elder", "large text")
# In the order in which they are shown; the legal ones stand apart.
GUIDES = (
    "card",
    "show",
    "family",
    "newborn",
    "lost",
    "data",
    "booking",
    "reports",
    "appointments",
    "visitors",
    "elder",
)
LEGAL = ("privacy", "terms", "accessibility")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:/|tel:)[^)\s]*)\)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: text, or a link within this site or to a telephone."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a list, as lines of runs."""

    kind: str  # "h2", "p", "ul", "ol"
    lines: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """One page of help."""

    name: str
    title: str
    about: str
    blocks: tuple[Block, ...]
    text: str


@router.get("/guides", dependencies=[needs_nothing(READ_BY_ALL)])
async def guides(request: Request) -> Response:
    """List every guide."""
    found = [read_guide(words_of(request).language, name) for name in GUIDES]
    return page(request, "resident/guides.html", back="/", guides=found)


@router.get("/guides/{name}", dependencies=[needs_nothing(READ_BY_ALL)])
async def guide(name: str, request: Request) -> Response:
    """Show one guide."""
    words = words_of(request)
    if name not in (*GUIDES, *LEGAL):
        text = words("guides.nothing")
        return page(request, "resident/nothing.html", status=404, back="/guides", text=text)
    return page(request, "resident/guide.html", back="/guides", guide=read_guide(words.language, name))


@router.get("/help", dependencies=[needs_nothing(READ_BY_ALL)])
async def help_page(request: Request, q: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Search the guides; show the telephone and the counters."""
    language = words_of(request).language
    every = [read_guide(language, name) for name in (*GUIDES, *LEGAL)]
    return page(
        request,
        "resident/help.html",
        back="/",
        q=q,
        found=search(every, q) if q.strip() else every[: len(GUIDES)],
        legal=every[len(GUIDES) :],
        elder_word=is_elder_word(q),
    )


def is_elder_word(text: str) -> bool:
    """Tell whether somebody looks for the display with large text, by any of the names it goes by."""
    asked = text.casefold()
    return any(word in asked for word in ELDER_WORDS)


def search(guides_: list[Guide], text: str) -> list[Guide]:
    """Return guides that hold every word asked for, those with it in the title first."""
    asked = text.casefold().split()
    hits = [one for one in guides_ if all(word in one.text for word in asked)]
    return sorted(hits, key=lambda one: not any(word in one.title.casefold() for word in asked))


@cache
def read_guide(language: str, name: str) -> Guide:
    """Read a guide: `# title`, one line about it, then blocks."""
    source = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    title, about, *rest = (part.strip() for part in source.split("\n\n"))
    blocks = tuple(_block(part) for part in rest if part)
    return Guide(name, title.removeprefix("# "), about, blocks, source.casefold())


def _block(part: str) -> Block:
    lines = part.splitlines()
    if part.startswith("## "):
        return Block("h2", (_runs(lines[0][3:]),))
    if part.startswith("- "):
        return Block("ul", tuple(_runs(line[2:]) for line in lines))
    if part.startswith("1. "):
        return Block("ol", tuple(_runs(line.partition(". ")[2]) for line in lines))
    return Block("p", (_runs(" ".join(lines)),))


def _runs(line: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    at = 0
    for link in _LINK.finditer(line):
        runs += [Run(line[at : link.start()])] if link.start() > at else []
        runs.append(Run(link[1], link[2]))
        at = link.end()
    return (*runs, Run(line[at:])) if at < len(line) else tuple(runs)
