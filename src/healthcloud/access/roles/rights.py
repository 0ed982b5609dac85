"""The integrity of rights (GB/T 39786-2021 8.4 b): a row that somebody altered past this software gives nothing."""

from uuid import UUID

from healthcloud import audit
from healthcloud.access.purposes import RIGHTS
from healthcloud.access.roles.model import Grant, rights_text
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database

_REPORTED_AT_MOST = 10_000
_reported: set[tuple[UUID, bytes]] = set()


def is_genuine(vault: Vault, grant: Grant, institution_id: UUID | None) -> bool:
    """Tell whether a grant is as it was written, and the account still belongs where it did then."""
    return grant.institution_id == institution_id and grant.mac in vault.fingerprints(RIGHTS, rights_text(grant))


async def report_tampered(database: Database, account_id: UUID, what: str, mac: bytes) -> None:
    """Write the deed that an altered row was met and ignored: once per row and process, however often it is met."""
    if (account_id, mac) in _reported or len(_reported) >= _REPORTED_AT_MOST:
        return
    _reported.add((account_id, mac))
    await database.transact(
        lambda tx: audit.record(
            tx, SYSTEM, "access.rights-altered", account_id, outcome="refused", detail={"what": what}
        )
    )
