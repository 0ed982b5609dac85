"""The generated reference pages say what the code says."""

from pathlib import Path

from healthcloud.core.settings import GROUPS, Settings
from healthcloud.server.reference import PAGES, every_problem, write_pages


def test_a_page_that_is_not_is_written_anew(tmp_path: Path) -> None:
    assert {path.name for path in write_pages(tmp_path)} == set(PAGES)
    (tmp_path / "settings.md").write_text("old")
    assert [path.name for path in write_pages(tmp_path)] == ["settings.md"]
    assert write_pages(tmp_path) == []


def test_every_setting_has_a_line_and_a_sentence() -> None:
    page = PAGES["settings.md"]()
    for name, field in Settings.model_fields.items():
        assert f"| `HEALTHCLOUD_{name.upper()}` |" in page, name
        assert field.description, name
    assert sum(len(group.__annotations__) for group in GROUPS) == len(Settings.model_fields)


def test_every_problem_has_a_line() -> None:
    page = PAGES["problems.md"]()
    for kind in every_problem():
        assert f"| `{kind.code}` | {kind.status} |" in page
