"""
The bench's own city under var/bench: durable, the demonstration's institutions and residents, a card for each.

Made anew for each run of the benches by what loads the demonstration, or kept in its folder for the next run.
"""

import asyncio
import resource
import shutil
import socket
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from healthcloud import access, institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.postgres import EmbeddedPostgres, analyze
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.demonstration import Ledger, load_city
from healthcloud.server.demonstration.population import CHUNK, fill
from healthcloud.server.places import database_folder
from healthcloud.server.storage import migrate

HOST = "127.0.0.1"
MARK = "a bench made this city and may delete it"
TICKS = 100  # of a second, in which the kernel counts the time of processes
CLIENTS = 40
SCOPES = ("cards.verify", "people.register", "index.submit")


@dataclass(frozen=True, slots=True)
class Client:
    """A hospital's machine: its key, and the terminals it speaks for."""

    institution_id: UUID
    key_id: UUID
    secret: bytes
    terminals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading the residents took: seconds of the clock, of processors by kind of process, MiB of one loader."""

    seconds: float
    cpu: dict[str, float]
    loader_mib: float


class Kept(msgspec.Struct):
    """What is noted beside a city, for a run that finds it; `used` is how many numbers of each kind were given out."""

    persons: int
    clients: tuple[Client, ...]
    loading: Loading
    used: dict[str, int] = {}


@dataclass(frozen=True)
class BenchCity:
    """A loaded city that is not being served."""

    settings: Settings
    persons: int
    clients: tuple[Client, ...]
    loading: Loading
    port: int

    def take(self, kind: str, count: int) -> range:
        """Give out so many numbers of a kind that no bench of this city was given before."""
        path = self.settings.var / MARK
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
        first = kept.used.get(kind, 0)
        kept.used[kind] = first + count
        path.write_bytes(msgspec.json.encode(kept))
        return range(first, first + count)

    @property
    def url(self) -> str:
        """Where it answers while it is served."""
        return f"http://{HOST}:{self.port}"

    @property
    def database(self) -> EmbeddedPostgres:
        """The embedded database; whoever serves the city starts it."""
        return EmbeddedPostgres(database_folder(self.settings))

    async def fetch(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """Ask the running database, as the application."""
        connection = await asyncpg.connect(self.database.app_url)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    def ask(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """Ask the running database from outside any loop."""
        return asyncio.run(self.fetch(sql, *arguments))


def make_city(folder: Path, persons: int, *, keep: bool = False) -> BenchCity:
    """Make the city anew and load it, about 15 s for 200,000 persons; or take the one that was kept there."""
    settings = Settings(var=folder)
    mark = folder / MARK
    if keep and mark.exists() and mark.stat().st_size:
        kept = msgspec.json.decode(mark.read_bytes(), type=Kept)
        if kept.persons != persons:
            message = f"{folder} holds {kept.persons:,} persons: name another folder, or as many"
            raise ValueError(message)
        return BenchCity(settings, persons, kept.clients, kept.loading, _free_port())
    remove_city(folder)
    folder.mkdir(mode=0o755, parents=True)
    mark.touch(mode=0o600)
    with _running(settings) as database:
        migrate(settings, lambda _: None)
        clients = asyncio.run(_with_institutions(settings))
        loading = _load_residents(settings, database, persons)
        # What autovacuum would do in the middle of a measurement.
        asyncio.run(analyze(database.owner_url, vacuum=True))
    mark.write_bytes(msgspec.json.encode(Kept(persons, clients, loading)))
    return BenchCity(settings, persons, clients, loading, _free_port())


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def remove_city(folder: Path) -> None:
    """Delete a bench's city; raise FileExistsError where something else is there."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / MARK).exists():
        raise FileExistsError(folder)
    EmbeddedPostgres(database_folder(Settings(var=folder))).remove()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(settings: Settings) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(database_folder(settings)) as database:
        yield database


async def _with_institutions(settings: Settings) -> tuple[Client, ...]:
    async with open_city(settings, name="bench") as city:
        loaded = await load_city(city.database)
        chosen = list(loaded.ids.values())[:CLIENTS]
        return await city.database.transact(lambda tx: _clients(tx, chosen))


async def _clients(tx: Transaction, institution_ids: list[UUID]) -> tuple[Client, ...]:
    made = []
    for institution_id in institution_ids:
        desks = await institutions.terminals.terminals_of(tx, institution_id)
        client = await access.create_client(tx, SYSTEM, institution_id, "bench", SCOPES, quota_per_second=10_000)
        key = await access.add_client_key(tx, SYSTEM, client.client_id)
        made.append(Client(institution_id, key.key_id, b64decode(key.secret), tuple(str(desk.id) for desk in desks)))
    return tuple(made)


def _load_residents(settings: Settings, database: EmbeddedPostgres, persons: int) -> Loading:
    started, before = time.monotonic(), _spent(database)
    asyncio.run(_fill(settings, persons))
    seconds, after = time.monotonic() - started, _spent(database)
    loader_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Loading(seconds, {kind: after[kind] - before[kind] for kind in after}, loader_mib)


async def _fill(settings: Settings, persons: int) -> None:
    async with open_city(settings, name="bench load", pool_size=2) as city:
        first = (await load_city(city.database)).ids[1]
    ledger = Ledger.of(settings)
    loaded = ledger.read(first, CHUNK)
    ledger.keep(loaded)
    await fill(settings, ledger, loaded, persons, lambda _: None)


def _spent(database: EmbeddedPostgres) -> dict[str, float]:
    """Return the processor seconds of the loaders, of this process and of PostgreSQL so far."""
    loaders, own = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    postmaster = database.pid or 0
    ticks = _ticks(postmaster, 4)
    for task in Path(f"/proc/{postmaster}/task").iterdir():
        ticks += sum(_ticks(int(child), 2) for child in (task / "children").read_text().split())
    return {
        "loaders": loaders.ru_utime + loaders.ru_stime,
        "parent": own.ru_utime + own.ru_stime,
        "postgres": ticks / TICKS,
    }


def _ticks(pid: int, fields: int) -> int:
    """Return a process's time, with four fields that of its children which ended, too."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, told[11 : 11 + fields]))
