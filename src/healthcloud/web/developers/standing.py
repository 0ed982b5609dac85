"""How the city stands just now, as its own checks say: for whoever wonders whose fault a failure is."""

import importlib.metadata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from healthcloud.core.db import Database
from healthcloud.core.errors import FieldFault
from healthcloud.core.health import Check, run_checks


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether it serves; what is wrong, and what an administrator should look at."""

    faults: tuple[FieldFault, ...]
    warnings: tuple[FieldFault, ...]

    @property
    def serves(self) -> bool:
        """Whether requests are taken."""
        return not self.faults


async def standing_of(checks: Iterable[Check], database: Database) -> Standing:
    """Run the checks that a load balancer asks too."""
    faults, warnings = await run_checks(tuple(checks), database)
    return Standing(tuple(faults), tuple(warnings))


def program_version() -> str:
    """Return the installed program's version; empty in a checkout, which has none of its own."""
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version("healthcloud")
    return ""
