"""
Chapters: a small Markdown, by language, with samples of code and diagrams named in it.

`# title`, one line about it, then blocks parted by empty lines: `## ` and `### `, paragraphs, `- ` and `1. ` lists,
`| ` tables whose first row is the head, ``` fences, `{samples NAME}` and `{diagram NAME}`. Within a line: `code`,
**strong** and [links](/of/this/site).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "guide"
_INLINE = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\[(?P<text>[^\]]+)\]\((?P<href>/[^)\s]*)\)")
_NAMED = re.compile(r"\{(samples|diagram) ([a-z0-9-]+)\}")
_BLOCKS = re.compile(r"^```.*?^```$|(?:(?!^```)\S[^\n]*\n?)+", re.MULTILINE | re.DOTALL)
_LISTS = {"- ": "ul", "1. ": "ol"}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: plain, `code`, `strong`, or a link."""

    text: str
    kind: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """
    A part of a chapter.

    `kind` is h2, h3, p, ul, ol (lines of runs), table (rows of cells of runs), code (the text), samples or diagram (its
    name).
    """

    kind: str
    lines: tuple[tuple[Run, ...], ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    text: str = ""

    @property
    def anchor(self) -> str:
        """What a heading is linked by."""
        said = "".join(run.text for run in self.lines[0])
        return re.sub(r"[^\w一-鿿]+", "-", said.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the guide."""

    name: str
    title: str
    about: str
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> list[Block]:
        """Its second-level headings, for the list on top."""
        return [block for block in self.blocks if block.kind == "h2"]

    def named(self, kind: str) -> list[str]:
        """Return the names of its samples or diagrams."""
        return [block.text for block in self.blocks if block.kind == kind]


@cache
def read_chapter(language: str, name: str) -> Chapter:
    """Read a chapter."""
    source = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    title, about, *rest = (found.strip("\n") for found in _BLOCKS.findall(source))
    return Chapter(
        name, title.removeprefix("# "), about.replace("\n", " ").replace("`", ""), tuple(_block(part) for part in rest)
    )


def _block(part: str) -> Block:
    lines = part.splitlines()
    if part.startswith("```"):
        return Block("code", text="\n".join(lines[1:-1]))
    if found := _NAMED.fullmatch(part):
        return Block(found[1], text=found[2])
    for mark, kind in (("## ", "h2"), ("### ", "h3")):
        if part.startswith(mark):
            return Block(kind, (runs_of(lines[0].removeprefix(mark)),))
    for mark, kind in _LISTS.items():
        if part.startswith(mark):
            return Block(kind, tuple(runs_of(line.partition(" ")[2]) for line in _joined(lines)))
    if part.startswith("| "):
        cells = [line.strip("| ").split(" | ") for line in lines if not line.startswith("|-")]
        return Block("table", rows=tuple(tuple(runs_of(cell) for cell in row) for row in cells))
    return Block("p", (runs_of(_one_line(lines)),))


def _joined(lines: list[str]) -> list[str]:
    """Put the lines of an item together: those that go on are set in."""
    items: list[str] = []
    for line in lines:
        if line.startswith("  ") and items:
            items[-1] = _one_line([items[-1], line.strip()])
        else:
            items.append(line)
    return items


def _one_line(lines: list[str]) -> str:
    """Join lines by a blank, but not where Chinese goes on."""
    return re.sub(r"(?<=[一-鿿，。；：、（）])\n|\n(?=[一-鿿，。；：、（）])", "", "\n".join(lines)).replace("\n", " ")


def runs_of(line: str) -> tuple[Run, ...]:
    """Return a line's pieces."""
    runs: list[Run] = []
    at = 0
    for found in _INLINE.finditer(line):
        runs += [Run(line[at : found.start()])] if found.start() > at else []
        if found["code"]:
            runs.append(Run(found["code"], "code"))
        elif found["strong"]:
            runs.append(Run(found["strong"], "strong"))
        else:
            runs.append(Run(found["text"], "link", found["href"]))
        at = found.end()
    return (*runs, Run(line[at:])) if at < len(line) else tuple(runs)
