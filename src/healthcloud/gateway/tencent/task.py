"""One request of the open platform to be carried out."""

from dataclasses import dataclass, replace

from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import Core, Errand
from healthcloud.gateway.words import Words

# 预约挂号 and 当日挂号 say for which department.
NEEDS_DEPARTMENT = frozenset({"0101011", "0101012"})


@dataclass(frozen=True, slots=True)
class Task:
    """One request to be carried out."""

    core: Core
    errand: Errand
    fields: Fields
    words: Words

    def part(self, row: int) -> Errand:
        """Return the errand of one row, which has a serial of its own."""
        serial = self.errand.serial
        return replace(self.errand, serial=None if serial is None else f"{serial}:{row}")
