"""Links hold, commands exist, Python examples run; and each check can fail."""

import re
from pathlib import Path

import pytest
import typer.main
from guard import documents
from guard.shape import ROOT

from healthcloud.server.cli import app as cli

DOCUMENTS = list(documents.documents())


def test_every_link_leads_somewhere() -> None:
    assert [fault for path in DOCUMENTS for fault in documents.link_faults(path)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples_run(path: Path) -> None:
    for example in documents.python_examples(path):
        exec(compile(example, str(path), "exec"), {})  # noqa: S102 - our own documents


def command_fault(words: list[str]) -> str | None:
    """Tell why a shown command would not be understood."""
    if words[0] == "make":
        targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        unknown = [word for word in words[1:] if "=" not in word and word not in targets]
        return f"make has no {unknown}" if unknown else None
    command: object = typer.main.get_command(cli)
    for word in words[1:]:
        below = getattr(command, "commands", None)
        if below is None or word.startswith("-"):
            return None
        if word not in below:
            return f"no command {' '.join(words)}"
        command = below[word]
    return None


def test_every_command_shown_exists() -> None:
    shown = [(path.name, words) for path in DOCUMENTS for words in documents.commands(path)]
    assert [(name, fault) for name, words in shown if (fault := command_fault(words))] == []
    assert shown


def test_the_checks_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](gone.md) [b](#two) [c](#one)\n```python\nraise RuntimeError\n```\n")
    assert len(documents.link_faults(page)) == 2
    with pytest.raises(RuntimeError):
        test_python_examples_run(page)
    assert command_fault(["make", "gold"])
    assert command_fault(["healthcloud", "transmute"])
    assert command_fault(["make", "test"]) is None
