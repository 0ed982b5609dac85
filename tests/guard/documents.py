"""Documents hold what they promise: links lead somewhere, commands exist, Python examples run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from guard.shape import ROOT

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(?P<text>.+)$", re.MULTILINE)


def documents() -> Iterator[Path]:
    """Yield every document of the repository."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))


def link_faults(path: Path) -> list[str]:
    """Tell of a link to a file or heading that is not there; addresses of others are not asked."""
    text = FENCE.sub("", path.read_text())
    faults = []
    for match in LINK.finditer(text):
        target = match["target"] or match["image"]
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        if not aim.exists():
            faults.append(f"{path}: {target} is not there")
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim):
            faults.append(f"{path}: no heading {anchor} in {file or path.name}")
    return faults


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as hosts of Markdown make them."""
    headings = [match["text"] for match in HEADING.finditer(FENCE.sub("", path.read_text()))]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def python_examples(path: Path) -> list[str]:
    """Return the Python blocks of a document."""
    return [match["text"] for match in FENCE.finditer(path.read_text()) if match["language"] == "python"]


def commands(path: Path) -> list[list[str]]:
    """Return the `healthcloud …` and `make …` commands shown in a document, as words."""
    shown = []
    for match in FENCE.finditer(path.read_text()):
        if match["language"] in {"sh", "bash", "console", ""}:
            for line in match["text"].splitlines():
                bare = line.removeprefix("$ ").split(" #")[0].strip()
                if bare.startswith(("healthcloud ", ".venv/bin/healthcloud ", "make ")):
                    shown.append(shlex.split(bare))
    return shown
