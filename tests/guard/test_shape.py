"""The house keeps its shape; and each check can fail."""

from pathlib import Path

import pytest
from guard import shape

PACKAGE = shape.SOURCES[0]


def test_files_and_functions_stay_small() -> None:
    assert [fault for path in shape.python_files() for fault in shape.size_faults(path)] == []


def test_names_say_something() -> None:
    assert [fault for path in shape.python_files() for fault in shape.name_faults(path)] == []


def test_imports_use_front_doors_and_stand_at_the_top() -> None:
    files = [path for path in shape.python_files(PACKAGE) if path.parent != PACKAGE]
    assert [fault for path in files for fault in shape.import_faults(path, PACKAGE)] == []


def test_sql_stands_in_stores() -> None:
    assert [fault for path in shape.python_files(PACKAGE) for fault in shape.sql_place_faults(path, PACKAGE)] == []


def test_every_feature_has_a_front_door() -> None:
    features = sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists())
    assert features == sorted(shape.LAYERS)
    assert [fault for name in features for fault in shape.front_door_faults(PACKAGE / name)] == []


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_size_check_can_fail(tmp_path: Path) -> None:
    assert shape.size_faults(_write(tmp_path, "long.py", "x = 1\n" * 301))
    assert shape.size_faults(_write(tmp_path, "f.py", "def f():\n" + "    x = 1\n" * 41))
    assert not shape.size_faults(_write(tmp_path, "g.py", "def g():\n" + "    x = 1\n" * 39))


def test_the_name_check_can_fail(tmp_path: Path) -> None:
    assert shape.name_faults(_write(tmp_path, "helpers.py", ""))


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    import os\n",
        "from healthcloud.people.store import find\n",
        "import healthcloud.people.store\n",
    ],
)
def test_the_import_check_can_fail(tmp_path: Path, text: str) -> None:
    assert shape.import_faults(_write(tmp_path, "cards/actions.py", text), tmp_path)


def test_the_sql_place_check_can_fail(tmp_path: Path) -> None:
    text = 'async def f(tx):\n    await tx.run("DELETE FROM cards.cards")\n'
    assert shape.sql_place_faults(_write(tmp_path, "cards/actions.py", text), tmp_path)
    assert not shape.sql_place_faults(_write(tmp_path, "cards/store.py", text), tmp_path)


def test_the_front_door_check_can_fail(tmp_path: Path) -> None:
    _write(tmp_path, "cards/__init__.py", "from healthcloud.cards.model import Card\n")
    assert len(shape.front_door_faults(tmp_path / "cards")) == 2
