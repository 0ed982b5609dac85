"""What the neutral core works with: one for a process, given to every face."""

from dataclasses import dataclass
from datetime import date

from healthcloud import cards, exchange, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database
from healthcloud.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Core:
    """Store, rules, the population registry, and the edge where codes are scanned."""

    database: Database
    policy: people.Policy
    registry: people.registry.PopulationRegistry | None
    verifying: cards.VerifyEdge
    window_steps: int
    temporary_days: int
    public_url: str
    returning: exchange.confirmations.Terms

    @classmethod
    def of(
        cls,
        database: Database,
        settings: Settings,
        registry: people.registry.PopulationRegistry | None,
        verifying: cards.VerifyEdge,
    ) -> "Core":
        """Return the core of a process."""
        return cls(
            database,
            people.Policy.of(settings),
            registry,
            verifying,
            settings.code_window_steps,
            settings.temporary_card_days,
            settings.public_url,
            exchange.confirmations.Terms.of(settings),
        )

    @property
    def today(self) -> date:
        """Today in Shanghai."""
        return self.database.clock.now().astimezone(SHANGHAI).date()
