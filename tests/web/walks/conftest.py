"""Walks: pages in a real browser, of an application served by the test itself."""

from pathlib import Path
from typing import Any

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every walk, so that `make unit` needs no browser."""
    for item in items:
        if "walks" in Path(item.path).parts:
            item.add_marker("city")


@pytest.fixture
def site(clinic: Any) -> str:
    """What visitors visit."""
    url: str = clinic.url
    return url
