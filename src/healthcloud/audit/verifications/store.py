"""Every statement about verifications."""

from healthcloud.audit.verifications.model import Verification
from healthcloud.core.db import Read, Transaction


async def add_verification(tx: Transaction, one: Verification) -> None:
    """Keep what came of a verification."""
    await tx.run(
        """
        INSERT INTO audit.verifications (id, begun_at, ended_at, blocks, deeds, heads, faults, findings)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        one.id,
        one.begun_at,
        one.ended_at,
        one.blocks,
        one.deeds,
        one.heads,
        one.faults,
        one.findings,
    )


async def last_verification(read: Read, *, sound: bool) -> Verification | None:
    """Return the verification that ended last, of the sound ones if asked."""
    return await read.one(
        Verification,
        """
        SELECT id, begun_at, ended_at, blocks, deeds, heads, faults, findings
          FROM audit.verifications
         WHERE faults = 0 OR NOT $1
         ORDER BY id DESC
         LIMIT 1
        """,
        sound,
    )
