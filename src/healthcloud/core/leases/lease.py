"""A lease: taken, renewed by its holder each third of its time, taken over once it has run out."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.db import Database, Transaction
from healthcloud.core.leases import store
from healthcloud.core.leases.errors import LeaseLost

LASTS = timedelta(seconds=15)


class Lease:
    """
    The right to do one named thing alone.

    Clocks of machines differ and a holder may sleep through its end, so `held` is only a reason to try: what must
    never happen twice calls `guard` in its own transaction.
    """

    def __init__(self, database: Database, name: str, holder: UUID, *, lasts: timedelta = LASTS) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._lasts = lasts
        self._fence: int | None = None
        self._until: datetime | None = None

    @property
    def held(self) -> bool:
        """Tell whether this holder had the lease when it last asked, and it has not run out since."""
        return self._fence is not None and self._until is not None and self._database.clock.now() < self._until

    @property
    def renew_every(self) -> timedelta:
        """How often to call `take`, so that two renewals may fail before the lease runs out."""
        return self._lasts / 3

    @property
    def fence(self) -> int | None:
        """The number of this change of hands; a later holder's is higher."""
        return self._fence

    async def take(self) -> bool:
        """Take the lease, or renew it; False while another holds it."""
        now = self._database.clock.now()
        until = now + self._lasts
        self._fence = await self._database.transact(
            lambda tx: store.take_lease(tx, self._name, self._holder, now, until)
        )
        self._until = until
        return self._fence is not None

    async def guard(self, tx: Transaction) -> None:
        """Raise LeaseLost unless nobody has taken over; until `tx` ends nobody can."""
        if self._fence is None or await store.lock_lease(tx, self._name, self._holder, self._fence) is None:
            raise LeaseLost(self._name)

    async def release(self) -> None:
        """Give the lease back, so that another need not wait for its end."""
        if self._fence is not None:
            self._fence = None
            now = self._database.clock.now()
            await self._database.transact(lambda tx: store.end_lease(tx, self._name, self._holder, now))
