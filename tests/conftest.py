"""What every test may use; see fixtures/."""

import functools
import gc
import importlib.util
import ssl
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import certifi
import pytest
from fixtures.browser import browser, visitor
from fixtures.databases import (
    database,
    fresh_copy,
    fresh_database,
    module_copy,
    owner_of,
    owner_url,
    postgres,
    vault,
)
from fixtures.desk import Desk
from fixtures.http import serve
from fixtures.logs import set_up_test_logs

__all__ = [
    "browser",
    "database",
    "fresh_copy",
    "fresh_database",
    "module_copy",
    "owner_of",
    "owner_url",
    "postgres",
    "serve",
    "vault",
    "visitor",
]

DESK = pytest.StashKey[Desk]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the desk in the controlling process; xdist workers inherit its address."""
    set_up_test_logs()
    if not hasattr(config, "workerinput"):
        config.stash[DESK] = Desk()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for cycles only in what tests make: all modules and tests, looked through again and again, cost seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_sniffio() -> Iterator[None]:
    """Say at once that sniffio is not here: httpcore looks along the whole path for it, four times a request."""
    with pytest.MonkeyPatch.context() as patch:
        if importlib.util.find_spec("sniffio") is None:
            patch.setitem(sys.modules, "sniffio", None)
        yield


@pytest.fixture(scope="session", autouse=True)
def trust_store() -> Iterator[None]:
    """Read the world's authorities once: each HTTP client that is made would read certifi's file anew."""
    made = ssl.create_default_context
    once = functools.cache(partial(made, cafile=certifi.where()))

    def create(*args: Any, **how: Any) -> ssl.SSLContext:
        return once() if not args and how == {"cafile": certifi.where()} else made(*args, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", create)
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the desk: every worker has ended by now."""
    desk = config.stash.get(DESK, None)
    if desk is not None:
        desk.close()
