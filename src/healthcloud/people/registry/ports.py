"""What people need of a population registry (人口库)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What the registry says of a name and a document."""

    MATCH = "match"
    MISMATCH = "mismatch"  # the number is known, with another name
    UNKNOWN = "unknown"  # the number is not known here
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be checked; never logged."""

    name: str
    kind: str
    number: str


class PopulationRegistry(Protocol):
    """A registry that checks one claim at a time."""

    async def check(self, claim: Claim) -> Verdict:
        """Return what it says; raise RegistryUnavailable when it can't be asked or its answer can't be trusted."""
        ...
