"""Where this installation's database is: embedded under `var`, or the server that the settings name."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from healthcloud.core.postgres import EmbeddedPostgres, Progress, apply_migrations, check_migrations, keep_for
from healthcloud.core.settings import Settings
from healthcloud.server.errors import OwnerUnknown
from healthcloud.server.places import database_folder

EVIDENCE = ("exchange.evidence_batches", "exchange.evidence_messages")


def embedded_of(settings: Settings) -> EmbeddedPostgres | None:
    """Return the embedded database; None where the settings name a server."""
    return None if settings.database_url else EmbeddedPostgres(database_folder(settings))


def app_url(settings: Settings) -> str:
    """Return the application role's address; raise NeverStarted before the embedded database's first start."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return EmbeddedPostgres(database_folder(settings)).app_url


def owner_url(settings: Settings) -> str | None:
    """Return the owner role's address, for migrations; None where the settings name a server and not this."""
    if settings.database_url is None:
        return EmbeddedPostgres(database_folder(settings)).owner_url
    return settings.owner_database_url.get_secret_value() if settings.owner_database_url else None


def needed_owner_url(settings: Settings) -> str:
    """Return the owner role's address; raise OwnerUnknown where there is none."""
    url = owner_url(settings)
    if url is None:
        raise OwnerUnknown
    return url


def migrate(settings: Settings, progress: Progress) -> None:
    """Bring the schema up to date; without the owner role only check it. Raise a MigrationProblem."""
    owner = owner_url(settings)
    if owner is None:
        asyncio.run(check_migrations(app_url(settings)))
    else:
        asyncio.run(_migrate_as_owner(owner, settings, progress))


async def _migrate_as_owner(owner: str, settings: Settings, progress: Progress) -> None:
    await apply_migrations(owner, progress=progress)
    await keep_for(owner, dict.fromkeys(EVIDENCE, settings.evidence_months))


@contextmanager
def running_storage(settings: Settings, progress: Progress) -> Iterator[None]:
    """Have the database run meanwhile: the one that runs already, else the embedded one, started and stopped again."""
    embedded = embedded_of(settings)
    if embedded is None or embedded.pid is not None:
        yield
        return
    embedded.start(progress)
    try:
        yield
    finally:
        embedded.stop()
