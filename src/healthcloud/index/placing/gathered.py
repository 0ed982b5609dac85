"""Small requests of many programs at once, placed together: one transaction, a handful of statements for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request

from healthcloud import people
from healthcloud.core.db import Database
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.http import DatabaseIn, SettingsIn
from healthcloud.core.idempotency import Asked
from healthcloud.core.settings import Settings
from healthcloud.index.placing.registering import settled_answers
from healthcloud.index.records.model import Answer, Received

FEW = 10  # records; a request with more is a batch by itself
MOST_REQUESTS = 32


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What one request has brought, and its place among the others."""

    place: tuple[UUID, str, str]
    received: Sequence[Received]


class Placer:
    """Places what was received and says what became of it; one in each process."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._policy = people.Policy.of(settings)
        self._gatherer: Gatherer[_Arrival, list[Answer]] = Gatherer(
            self._run,
            key=lambda arrival: arrival.place,
            limit_queue=settings.hot_queue,
            limit_batch=MOST_REQUESTS,
            limit_client=settings.hot_client_quota,
            time_limit=settings.hot_seconds,
        )

    async def answers(self, asked: Asked, received: Sequence[Received]) -> list[Answer]:
        """Return what became of each record of a request; raise Unavailable, and what was received is placed later."""
        if len(received) > FEW:
            return await settled_answers(self._database, received, self._policy)
        return await self._gatherer.ask(_Arrival(asked.place, received), asked.caller.account_id)

    async def _run(self, arrivals: Sequence[_Arrival]) -> list[list[Answer]]:
        every = [one for arrival in arrivals for one in arrival.received]
        answers = iter(await settled_answers(self._database, every, self._policy))
        return [[next(answers) for _ in arrival.received] for arrival in arrivals]


async def _placer(request: Request, database: DatabaseIn, settings: SettingsIn) -> Placer:
    state = request.app.state
    if not hasattr(state, "placer"):
        state.placer = Placer(database, settings)
    return cast("Placer", state.placer)


PlacerIn = Annotated[Placer, Depends(_placer)]
