"""What every test may use; see fixtures/."""

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


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the desk: every worker has ended by now."""
    desk = config.stash.get(DESK, None)
    if desk is not None:
        desk.close()
