"""
The bench's own city under var/bench: durable, with the demonstration's institutions and a card for every resident.

Made anew for each run of the benches, through the features' own front doors, on both cores.
"""

import asyncio
import multiprocessing
import shutil
import socket
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from bench.residents import registration_of
from healthcloud import access, cards, institutions, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.postgres import EmbeddedPostgres
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import load_city
from healthcloud.server.places import database_folder
from healthcloud.server.storage import migrate

HOST = "127.0.0.1"
MARK = "a bench made this city and may delete it"
CLIENTS = 40
CHUNK = 2_000
SCOPES = ("cards.verify", "people.register")


@dataclass(frozen=True, slots=True)
class Client:
    """A hospital's machine: its key, and the terminals it speaks for."""

    institution_id: UUID
    key_id: UUID
    secret: bytes
    terminals: tuple[str, ...]


@dataclass(frozen=True)
class BenchCity:
    """A loaded city that is not being served."""

    settings: Settings
    persons: int
    clients: tuple[Client, ...]
    port: int

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


def make_city(folder: Path, persons: int) -> BenchCity:
    """Make the city anew and load it: about 30 s for 200,000 persons."""
    settings = Settings(var=folder)
    remove_city(folder)
    folder.mkdir(mode=0o755, parents=True)
    (folder / MARK).touch()
    with _running(settings) as database:
        migrate(settings, lambda _: None)
        clients = asyncio.run(_with_institutions(settings))
        _load_residents(settings, persons)
        asyncio.run(_tidied(database.owner_url))
    return BenchCity(settings, persons, clients, _free_port())


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


def _load_residents(settings: Settings, persons: int) -> None:
    starts = range(0, persons, CHUNK)
    halves = [starts[place::2] for place in range(2)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_load_part, [settings.var] * 2, halves, [persons] * 2))


def _load_part(folder: Path, starts: range, persons: int) -> None:
    asyncio.run(_load_chunks(Settings(var=folder), starts, persons))


async def _load_chunks(settings: Settings, starts: range, persons: int) -> None:
    async with open_city(settings, name="bench load", pool_size=2) as city:
        for start in starts:
            await _load_chunk(city, range(start, min(start + CHUNK, persons)))


async def _load_chunk(city: City, numbers: range) -> None:
    database = city.database
    some = [registration_of(n) for n in numbers]
    rows = people.loading.prepare_residents(database.vault, some, database.clock.now(), people.Level.FACE_TO_FACE)

    async def load(tx: Transaction) -> None:
        await people.loading.load_residents(tx, SYSTEM, rows)
        await cards.load_cards(tx, SYSTEM, rows.person_ids)

    await database.transact(load)


async def _tidied(owner_url: str) -> None:
    """Do what autovacuum would do in the middle of a measurement."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
