"""The job that verifies the chain."""

from dataclasses import asdict
from datetime import timedelta

from healthcloud.audit.chain import Finding, verify_chain
from healthcloud.audit.sealer import HeadFile
from healthcloud.audit.verifications import store
from healthcloud.audit.verifications.model import MOST_FINDINGS, Verification
from healthcloud.core.background import Body, Recurring
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id

KIND = "audit.verify"
EVERY = timedelta(days=1)
LONGEST = timedelta(hours=2)


def verifying(heads: HeadFile) -> Recurring:
    """Return the daily verification, which is also the job a person may ask for."""

    async def verify(database: Database, _: Body) -> None:
        begun_at = database.clock.now()
        async with database.read() as read:
            verdict = await verify_chain(read, database.vault, heads)
        one = Verification(
            id=new_id(),
            begun_at=begun_at,
            ended_at=database.clock.now(),
            blocks=verdict.blocks,
            deeds=verdict.deeds,
            heads=verdict.heads,
            faults=len(verdict.findings),
            findings=[_told(finding) for finding in verdict.findings[:MOST_FINDINGS]],
        )
        await database.transact(lambda tx: store.add_verification(tx, one))

    return Recurring(KIND, EVERY, outside=verify, time_limit=LONGEST)


def _told(finding: Finding) -> dict[str, str | int | None]:
    said = asdict(finding)
    return said | {"deed_id": str(finding.deed_id) if finding.deed_id else None}
