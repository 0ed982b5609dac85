"""The statements on people.document_index, each keyed by its fingerprint."""

from collections.abc import Sequence

from healthcloud.core.db import Read, Transaction
from healthcloud.people.identities.model import Claim, Owner


async def claim(tx: Transaction, claims: Sequence[Claim]) -> list[bytes]:
    """
    Claim fingerprints in the order given; return those that were free.

    A twin that runs meanwhile waits here for the other's COMMIT, and finds the row taken or, after a rollback, free.
    """
    return await tx.values(
        bytes,
        """
        INSERT INTO people.document_index (fingerprint, key_number, person_id, document_id)
        SELECT fingerprint, key_number, person_id, document_id
          FROM unnest($1::bytea[], $2::smallint[], $3::uuid[], $4::uuid[]) WITH ORDINALITY
            AS new (fingerprint, key_number, person_id, document_id, place)
         ORDER BY place
        ON CONFLICT (fingerprint) DO NOTHING
        RETURNING fingerprint
        """,
        [claim.fingerprint for claim in claims],
        [claim.key_number for claim in claims],
        [claim.person_id for claim in claims],
        [claim.document_id for claim in claims],
    )


async def release(tx: Transaction, fingerprints: list[bytes]) -> None:
    """Give claimed fingerprints back."""
    await tx.run("DELETE FROM people.document_index WHERE fingerprint = ANY ($1::bytea[])", fingerprints)


async def hand_over(tx: Transaction, claims: Sequence[Claim]) -> None:
    """Have claimed fingerprints point to the person and document they turned out to belong to."""
    await tx.run(
        """
        UPDATE people.document_index AS i
           SET person_id = new.person_id, document_id = new.document_id
          FROM unnest($1::bytea[], $2::uuid[], $3::uuid[]) AS new (fingerprint, person_id, document_id)
         WHERE i.fingerprint = new.fingerprint
        """,
        [claim.fingerprint for claim in claims],
        [claim.person_id for claim in claims],
        [claim.document_id for claim in claims],
    )


async def owners(read: Read, fingerprints: list[bytes]) -> list[Owner]:
    """Return whose these fingerprints are."""
    return await read.all(
        Owner,
        """
        SELECT fingerprint, person_id, document_id
          FROM people.document_index
         WHERE fingerprint = ANY ($1::bytea[])
        """,
        fingerprints,
    )
