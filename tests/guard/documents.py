"""Documents hold what they promise: links lead somewhere, what they name exists, Python examples run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from guard.shape import ROOT

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(?P<text>.+)$", re.MULTILINE)
FOLDERS = "bench|data|deploy|docs|migrations|packages|scripts|src|tests"
NAMED = re.compile(rf"`(?P<path>(?:{FOLDERS})/[\w./-]*)(?:::(?P<name>\w+))?`")
PAGE_LINES = 70
SETTING = re.compile(r"HEALTHCLOUD_[A-Z][A-Z_]*[A-Z]")


def documents() -> Iterator[Path]:
    """Yield every document of the repository."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "deploy").rglob("*.md"))


def recipes() -> Iterator[Path]:
    """Yield every file of deploy/ that a machine reads."""
    yield from sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix != ".md")


def decisions() -> Iterator[Path]:
    """Yield every decision."""
    yield from sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


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


def name_faults(path: Path) -> list[str]:
    """Tell of a file in backticks that is not there, or that does not define what `file.py::name` says."""
    faults = []
    for match in NAMED.finditer(path.read_text()):
        file, name = ROOT / match["path"], match["name"]
        if not file.exists():
            faults.append(f"{path}: {match['path']} is not there")
        elif name and not re.search(rf"^\s*(?:async def|def|class) {name}\b", file.read_text(), re.MULTILINE):
            faults.append(f"{path}: {match['path']} defines no {name}")
    return faults


def setting_faults(path: Path, known: set[str]) -> list[str]:
    """Tell of a setting that is none."""
    return [f"{path}: no setting {name}" for name in sorted(set(SETTING.findall(path.read_text())) - known)]


def decision_faults(path: Path) -> list[str]:
    """Tell of a decision longer than a page, or without its context, its decision or the check that enforces it."""
    text = path.read_text()
    faults = [f"{path}: no {part}" for part in ("**Context.**", "**Decision.**", "**Check") if part not in text]
    too_long = len(text.splitlines()) > PAGE_LINES
    return faults + ([f"{path}: longer than a page ({PAGE_LINES} lines)"] if too_long else [])
