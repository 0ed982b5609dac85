"""Links hold, what documents name exists, Python examples run; and each check can fail."""

import re
from pathlib import Path

import pytest
import typer.main
from guard import documents
from guard.shape import ROOT

from healthcloud.core.settings import Settings
from healthcloud.server.cli import app as cli

DOCUMENTS = list(documents.documents())
SETTINGS = {f"HEALTHCLOUD_{name.upper()}" for name in Settings.model_fields} | {
    "HEALTHCLOUD_SETTINGS",  # the settings' file
    "HEALTHCLOUD_SIMULATOR_KEY",  # read by simulators
}


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
    for place, word in enumerate(words[1:], start=1):
        below = getattr(command, "commands", None)
        if below is None or word.startswith("-"):
            return option_fault(command, words[place:])
        if word not in below:
            return f"no command {' '.join(words)}"
        command = below[word]
    return None


def option_fault(command: object, words: list[str]) -> str | None:
    """Tell of an option this command does not have."""
    known = {option for one in getattr(command, "params", ()) for option in one.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"no option {unknown}" if unknown else None


def test_every_command_shown_exists() -> None:
    shown = [(path.name, words) for path in DOCUMENTS for words in documents.commands(path)]
    assert [(name, fault) for name, words in shown if (fault := command_fault(words))] == []
    assert shown


def test_every_file_and_function_named_exists() -> None:
    assert [fault for path in DOCUMENTS for fault in documents.name_faults(path)] == []


def test_every_setting_named_exists() -> None:
    named = [*DOCUMENTS, *documents.recipes()]
    assert [fault for path in named for fault in documents.setting_faults(path, SETTINGS)] == []


def test_every_decision_is_one_page_and_names_its_check() -> None:
    found = list(documents.decisions())
    assert [fault for path in found for fault in documents.decision_faults(path)] == []
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert [path.name for path in found if f"({path.name})" not in listed] == []


def test_the_checks_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](gone.md) [b](#two) [c](#one)\n```python\nraise RuntimeError\n```\n")
    assert len(documents.link_faults(page)) == 2
    with pytest.raises(RuntimeError):
        test_python_examples_run(page)
    assert command_fault(["make", "gold"])
    assert command_fault(["healthcloud", "transmute"])
    assert command_fault(["healthcloud", "version", "--loud"])
    assert command_fault(["healthcloud", "version", "--json"]) is None
    assert command_fault(["make", "test"]) is None
    page.write_text("`tests/gone.py` `tests/guard/test_documents.py::gone` `tests/guard/` HEALTHCLOUD_GOLD")
    assert len(documents.name_faults(page)) == 2
    assert documents.setting_faults(page, SETTINGS)
    assert len(documents.decision_faults(page)) == 3
