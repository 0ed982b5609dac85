"""What came of a verification; pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification of the chain; sound without `faults`, of which `findings` tells the first fifty."""

    id: UUID
    begun_at: datetime
    ended_at: datetime
    blocks: int
    deeds: int
    heads: int
    faults: int
    findings: list[dict[str, str | int | None]]

    @property
    def sound(self) -> bool:
        """Tell whether nothing was wrong."""
        return self.faults == 0
