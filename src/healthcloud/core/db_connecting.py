"""How connections to PostgreSQL are opened: time limits, keepalives, JSON as Python's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
import msgspec

if TYPE_CHECKING:
    from asyncpg import Record

OpenConnection: TypeAlias = "asyncpg.Connection[Record]"
Pool: TypeAlias = "asyncpg.Pool[Record]"


async def open_connection(url: str, *, name: str, settings: Mapping[str, str], seconds: float) -> OpenConnection:
    """Open a connection outside the pool, with server settings of its own and `seconds` for each command."""
    arguments = connect_arguments(url, name=name)
    arguments["server_settings"] |= settings
    arguments |= {"command_timeout": seconds, "max_cached_statement_lifetime": 0}
    connection: OpenConnection = await asyncpg.connect(**arguments)
    await _prepare_connection(connection)
    return connection


async def open_pool(url: str, *, size: int, name: str) -> Pool:
    """Open an asyncpg pool at a `postgresql://` URL; a socket folder goes in `?host=`."""
    return await asyncpg.create_pool(
        **connect_arguments(url, name=name), min_size=1, max_size=size, init=_prepare_connection, reset=_as_it_is
    )


def connect_arguments(url: str, *, name: str) -> dict[str, Any]:
    """Return asyncpg's arguments for this URL: time limits set, keepalives on where there is a network."""
    over_network = "host" not in parse_qs(urlsplit(url).query)
    settings = {"application_name": name, "timezone": "UTC", "statement_timeout": "30s"}
    if over_network:
        settings |= {"tcp_keepalives_idle": "10", "tcp_user_timeout": "15000"}
    return {"dsn": url, "server_settings": settings, "timeout": 10, "command_timeout": 30}


async def _prepare_connection(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode)


async def _as_it_is(_: OpenConnection) -> None:
    """Give a connection back without the usual statement that resets its session: no store sets anything in one."""


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
