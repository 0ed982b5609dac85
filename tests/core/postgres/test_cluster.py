"""Two roles and one database, and no more rights than they need."""

import asyncio
import base64
import hashlib
import hmac

import asyncpg
import pytest
from fixtures.servers import Make

from healthcloud.core.db import Database
from healthcloud.core.postgres import cluster, on_database
from healthcloud.core.postgres.cluster import prepare_cluster, scram_verifier
from healthcloud.core.postgres.errors import ServerTooOld


def test_the_verifier_proves_the_exchange_of_rfc_7677() -> None:
    verifier = scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    messages = (
        b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    )
    stored_key, server_key = (base64.b64decode(part) for part in verifier.split("$")[2].split(":"))
    assert hmac.digest(server_key, messages, "sha256") == base64.b64decode(
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    )
    proof = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    signature = hmac.digest(stored_key, messages, "sha256")
    client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    assert hashlib.sha256(client_key).digest() == stored_key


@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE SCHEMA mine",
        "CREATE TABLE core.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "SET ROLE healthcloud_owner",
        "SELECT rolpassword FROM pg_authid",
        "UPDATE core.migrations SET digest = ''",
        "COPY core.migrations TO PROGRAM 'cat'",
    ],
)
async def test_the_application_may_not(database: Database, forbidden: str) -> None:
    connection = await asyncpg.connect(database.url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(forbidden)
    await connection.close()


async def test_a_stranger_with_a_role_does_not_get_in(postgres: dict[str, str], owner_url: str) -> None:
    superuser = await asyncpg.connect(postgres["superuser"])
    await superuser.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect("postgresql://stranger:stranger@" + owner_url.partition("@")[2])
    finally:
        await superuser.execute("DROP ROLE stranger")
        await superuser.close()


def test_preparing_again_sets_new_passwords_and_harms_nothing(make: Make) -> None:
    server = make()
    server.start()
    asyncio.run(prepare_cluster(server.superuser_url, owner="new-owner", app="new-app"))

    async def who() -> list[str]:
        names = []
        for role, password in (("healthcloud_owner", "new-owner"), ("healthcloud_app", "new-app")):
            url = f"postgresql://{role}:{password}@" + server.app_url.partition("@")[2]
            connection = await asyncpg.connect(url)
            names.append(await connection.fetchval("SELECT current_user::text"))
            await connection.close()
        return names

    assert asyncio.run(who()) == ["healthcloud_owner", "healthcloud_app"]


async def test_an_old_server_is_refused(postgres: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "OLDEST", 99)
    with pytest.raises(ServerTooOld):
        await prepare_cluster(on_database(postgres["superuser"], "postgres"), owner="x", app="x")
