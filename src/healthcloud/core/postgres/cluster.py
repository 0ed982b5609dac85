"""
The two roles and the database, in the embedded server as in any PostgreSQL from version 16 on.

`healthcloud_owner` owns the database and its schemas and runs migrations; `healthcloud_app` signs in and may do what
the migrations grant it, so that what must only ever be appended cannot be changed by the application at all.
"""

import base64
import hashlib
import hmac
import os
import re
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from healthcloud.core.postgres.configuration import ROLES
from healthcloud.core.postgres.errors import ServerTooOld

DATABASE = "healthcloud"
NAME = re.compile("[a-z_][a-z0-9_]{0,62}")
_ITS_OWN = ("postgres", "template0", "template1")
OLDEST = 16
_ITERATIONS = 4096


async def prepare_cluster(superuser_url: str, *, owner: str, app: str, database: str = DATABASE) -> None:
    """
    Make or mend the roles, with these passwords, and the database; run it as often as you like.

    Passwords travel as SCRAM verifiers (RFC 5803), so no server log can hold them. Raise ServerTooOld before 16, and
    ValueError for a name of which `database_name_faults` tells.
    """
    if fault := database_name_faults(database):
        raise ValueError(fault)
    connection = await asyncpg.connect(superuser_url)
    try:
        if connection.get_server_version().major < OLDEST:
            raise ServerTooOld(version=str(connection.get_server_version().major))
        for role, password in ((ROLES["owner"], owner), (ROLES["app"], app)):
            if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role}")
            await connection.execute(
                f"ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
                f" PASSWORD '{scram_verifier(password)}'"
            )
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(
                f"CREATE DATABASE {database} OWNER {ROLES['owner']} TEMPLATE template0"
                " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        await limit_database(connection, database)
    finally:
        await connection.close()
    await _close_public_schema(on_database(superuser_url, database))


def database_name_faults(name: str) -> str | None:
    """Tell what is wrong with a database's name; None where it needs no quotes and is not PostgreSQL's own."""
    if not NAME.fullmatch(name):
        return "a database's name is of a to z, 0 to 9 and _, at most 63"
    return "PostgreSQL's own databases stay as they are" if name in _ITS_OWN else None


async def limit_database(connection: "asyncpg.Connection[asyncpg.Record]", database: str) -> None:
    """Let only the two roles into a database; a copy of a database does not inherit this."""
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {ROLES["app"]}')


def on_database(url: str, database: str) -> str:
    """Return the same URL for another database of that server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """Return what PostgreSQL stores of a password: RFC 5803, SCRAM-SHA-256; the password must be ASCII."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode() for part in (salt, stored_key, server_key)]
    return f"SCRAM-SHA-256${_ITERATIONS}:{parts[0]}${parts[1]}:{parts[2]}"


async def _close_public_schema(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    finally:
        await connection.close()
