"""The installation as the administrators' consoles look at it: build, keys, schedule, backup, the chain's head."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.background import discard, replay
from healthcloud.core.caller import Caller
from healthcloud.core.crypto.filestore import KeyLine
from healthcloud.core.db import Transaction
from healthcloud.core.postgres import BackupManifest, read_migrations
from healthcloud.server.app import API_VERSION
from healthcloud.server.composition import City
from healthcloud.server.deeds import JOB_DISCARDED, JOB_REPLAYED
from healthcloud.server.places import heads_file, last_backup_file
from healthcloud.server.wiring import wired
from healthcloud.web.console.ports import Build, Head

MANAGE = "jobs.manage"


def program_version() -> str:
    """Return the program's version; `checkout` where it is not installed as a package."""
    try:
        return version("healthcloud")
    except PackageNotFoundError:
        return "checkout"


class CityOperations:
    """`web.console.ports.Operations` for a city."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._heads = audit.HeadFile(heads_file(city.settings))

    def build(self) -> Build:
        """Tell which program runs."""
        return Build(program_version(), API_VERSION, read_migrations()[-1].name, python_version())

    def recurring(self) -> Mapping[str, timedelta]:
        """Return how often each recurring job runs."""
        wiring = wired(self._city, audit.Sealer(self._city.database, self._heads))
        return {one.name: one.every for one in wiring.recurring}

    def key_lines(self) -> Sequence[KeyLine]:
        """Return every key without its secret."""
        return self._city.keys.lines()

    def keys_version(self) -> str:
        """Return what is equal on machines with the same keys."""
        return self._city.keys.version

    def newest_head(self) -> Head | None:
        """Return the head exported last, or None while there is none."""
        newest = self._heads.newest()
        if newest is None:
            return None
        return Head(newest.seq, newest.at, self._heads.is_genuine(self._city.database.vault, newest))

    def last_backup(self) -> datetime | None:
        """Return when `healthcloud backup` ended well last; None where it never did."""
        path = last_backup_file(self._city.settings)
        return msgspec.json.decode(path.read_bytes(), type=BackupManifest).made_at if path.exists() else None

    async def replay(self, tx: Transaction, caller: Caller, job_id: UUID, reason: str) -> None:
        """Put a dead job back into its queue; a deed. Raises DeadJobNotFound."""
        caller.must(MANAGE)
        job = await replay(tx, job_id)
        await audit.record(tx, caller, JOB_REPLAYED, job.id, reason=reason, detail={"kind": job.kind})

    async def discard(self, tx: Transaction, caller: Caller, job_id: UUID, reason: str) -> None:
        """Give a dead job up for good; a deed. Raises DeadJobNotFound."""
        caller.must(MANAGE)
        job = await discard(tx, job_id)
        await audit.record(tx, caller, JOB_DISCARDED, job.id, reason=reason, detail={"kind": job.kind})
