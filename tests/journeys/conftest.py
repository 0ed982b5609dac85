"""One city for all journeys but those that hurt it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fixtures.places import quick_folder
from journeys.cast import Cast, Visit
from journeys.processes import RunningCity
from playwright.async_api import StorageState

RESIDENTS = 1000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey."""
    for item in items:
        if "journeys" in Path(item.path).parts:
            item.add_marker("city")


@pytest.fixture(scope="session")
def running_city() -> Iterator[RunningCity]:
    """A city that runs for all journeys; whoever changes it leaves it as it was."""
    folder = quick_folder()
    city = RunningCity(folder / "var", RESIDENTS)
    city.start()
    yield city
    city.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Whoever of the running city's staff has signed in."""
    return {}


@pytest.fixture
def site(running_city: RunningCity) -> str:
    """What visitors visit."""
    return running_city.url


@pytest.fixture
def cast(running_city: RunningCity, visitor: Visit, signed_in: dict[str, StorageState]) -> Cast:
    """Everybody of the running city."""
    return Cast(running_city, visitor, signed_in)


@pytest.fixture
def new_city() -> Iterator[Callable[[], RunningCity]]:
    """Make cities of a test's own, not yet started; they are ended and removed after it."""
    made: list[tuple[RunningCity, Path]] = []

    def make() -> RunningCity:
        folder = quick_folder()
        made.append((RunningCity(folder / "var", RESIDENTS), folder))
        return made[-1][0]

    yield make
    for city, folder in made:
        if city.parent is not None and city.parent.poll() is None:
            city.stop()
        shutil.rmtree(folder, ignore_errors=True)
