"""A small city of its own for the benches, which are a folder of scripts at the repository's root."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.city import BenchCity, make_city, remove_city
from fixtures.places import quick_folder

PERSONS = 8_000


@pytest.fixture(scope="module")
def city() -> Iterator[BenchCity]:
    folder = quick_folder()
    folder.chmod(0o755)
    city = make_city(folder / "bench", PERSONS)
    yield city
    remove_city(folder / "bench")
    shutil.rmtree(folder)
