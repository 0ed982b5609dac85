"""An outside PostgreSQL made ready: the two roles that the settings' addresses name, and their database."""

from urllib.parse import unquote, urlsplit

import asyncpg

from healthcloud.core.postgres import ROLES, database_name_faults, prepare_cluster
from healthcloud.core.settings import Settings
from healthcloud.server.errors import AddressesUnfit, NotOutside
from healthcloud.server.storage import app_url, needed_owner_url


async def prepare_outside(settings: Settings, superuser_url: str) -> str:
    """
    Make or mend the roles and the database, and prove that both addresses lead there; return the database's name.

    Raises NotOutside, OwnerUnknown, AddressesUnfit and ServerTooOld. What is there already keeps its data.
    """
    if settings.database_url is None:
        raise NotOutside
    urls = {"app": app_url(settings), "owner": needed_owner_url(settings)}
    parts = {role: urlsplit(url) for role, url in urls.items()}
    for role, part in parts.items():
        if part.username != ROLES[role]:
            raise AddressesUnfit(f"the {role}'s role must be {ROLES[role]}")
        if not part.password or not unquote(part.password).isascii():
            raise AddressesUnfit(f"the {role}'s address needs a password of ASCII characters")
    names = {part.path.removeprefix("/") for part in parts.values()}
    if len(names) != 1:
        raise AddressesUnfit("the two addresses name different databases")
    (name,) = names
    if fault := database_name_faults(name):
        raise AddressesUnfit(fault)
    passwords = {role: unquote(part.password or "") for role, part in parts.items()}
    await prepare_cluster(superuser_url, owner=passwords["owner"], app=passwords["app"], database=name)
    for role, url in urls.items():
        await _prove(role, url)
    return name


async def _prove(role: str, url: str) -> None:
    """Raise AddressesUnfit where the role cannot sign in at the address the settings give."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise AddressesUnfit(f"the {role}'s address does not lead in: {type(error).__name__}") from error
    await connection.close()
