"""Registrations of many desks at once, gathered: one transaction, a handful of statements, one fsync for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias, cast
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel

from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.http import DatabaseIn, SettingsIn
from healthcloud.core.idempotency import Answer, Asked, once_each
from healthcloud.core.settings import Settings
from healthcloud.people.model import Policy
from healthcloud.people.registration.actions import register_many
from healthcloud.people.registration.model import Ask, Registered, Wish
from healthcloud.people.request import today_of

MOST_AT_ONCE = 64  # one batch holds its rows locked while it runs; more would only make the others wait longer

Outcome: TypeAlias = Answer | Problem


class RegisteredShown(BaseModel):
    """Who this is here; `created` is false for somebody known already."""

    person_id: UUID
    created: bool

    @classmethod
    def of(cls, answer: Registered) -> "RegisteredShown":
        """Show what became of a registration."""
        return cls(person_id=answer.person_id, created=answer.created)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A registration that has come in: the request with its idempotency key, and what it wishes."""

    asked: Asked
    wish: Wish


class Registrar:
    """Takes registrations one by one and carries them out together; one in each process."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._policy = Policy.of(settings)
        self._gatherer: Gatherer[Arrival, Outcome] = Gatherer(
            self._run,
            key=lambda arrival: arrival.asked.place,
            limit_queue=settings.hot_queue,
            limit_batch=MOST_AT_ONCE,
            limit_client=settings.hot_client_quota,
            time_limit=settings.hot_seconds,
        )

    @property
    def today(self) -> date:
        """Today's date in Shanghai."""
        return today_of(self._database)

    async def register(self, asked: Asked, wish: Wish) -> Answer:
        """Register somebody once for this key; raise the Problem of this registration alone, or Unavailable."""
        outcome = await self._gatherer.ask(Arrival(asked, wish), asked.caller.account_id)
        if isinstance(outcome, Problem):
            raise outcome
        return outcome

    async def _run(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        return await self._database.transact(lambda tx: self._carry_out(tx, arrivals))

    async def _carry_out(self, tx: Transaction, arrivals: Sequence[Arrival]) -> list[Outcome]:
        async def act(tx: Transaction, places: Sequence[int]) -> list[object]:
            asks = [Ask(arrivals[place].asked.caller, arrivals[place].wish) for place in places]
            answers = await register_many(tx, asks, self._policy)
            return [one if isinstance(one, Problem) else RegisteredShown.of(one) for one in answers]

        return await once_each(tx, [arrival.asked for arrival in arrivals], act)


async def _registrar(request: Request, database: DatabaseIn, settings: SettingsIn) -> Registrar:
    state = request.app.state
    if not hasattr(state, "registrar"):
        state.registrar = Registrar(database, settings)
    return cast("Registrar", state.registrar)


RegistrarIn = Annotated[Registrar, Depends(_registrar)]
