"""Every statement about whose an account is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class AccountPerson:
    """An account and whom it belongs to."""

    account_id: UUID
    canonical_id: UUID


async def person_of_account(read: Read, account_id: UUID) -> UUID | None:
    """Return whom an account belongs to, as registered."""
    return await read.value(UUID, "SELECT person_id FROM people.account_persons WHERE account_id = $1", account_id)


async def canonical_of_account(read: Read, account_id: UUID) -> UUID | None:
    """Return whom an account belongs to, resolved: every request of a resident asks."""
    return await read.value(
        UUID,
        """
        SELECT p.canonical_id
          FROM people.account_persons AS a
          JOIN people.persons AS p ON p.id = a.person_id
         WHERE a.account_id = $1
        """,
        account_id,
    )


async def canonical_of_accounts(read: Read, account_ids: list[UUID]) -> list[AccountPerson]:
    """Return whom each of these accounts belongs to, resolved; none for one that is tied to nobody."""
    return await read.all(
        AccountPerson,
        """
        SELECT a.account_id, p.canonical_id
          FROM people.account_persons AS a
          JOIN people.persons AS p ON p.id = a.person_id
         WHERE a.account_id = ANY ($1::uuid[])
        """,
        account_ids,
    )


async def account_of_person(read: Read, person_id: UUID) -> UUID | None:
    """Return a person's account."""
    return await read.value(UUID, "SELECT account_id FROM people.person_accounts WHERE person_id = $1", person_id)


async def tie_account(tx: Transaction, account_id: UUID, person_id: UUID, at: datetime) -> int:
    """Give an account that has none its person; return how many were given."""
    return await tx.run(
        """
        INSERT INTO people.account_persons (account_id, person_id, linked_at)
        VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO NOTHING
        """,
        account_id,
        person_id,
        at,
    )


async def tie_person(tx: Transaction, person_id: UUID, account_id: UUID) -> int:
    """Give a person who has none their account; return how many were given."""
    return await tx.run(
        """
        INSERT INTO people.person_accounts (person_id, account_id)
        VALUES ($1, $2)
        ON CONFLICT (person_id) DO NOTHING
        """,
        person_id,
        account_id,
    )


async def untie_account(tx: Transaction, account_id: UUID) -> None:
    """Take an account's person away."""
    await tx.run("DELETE FROM people.account_persons WHERE account_id = $1", account_id)


async def untie_person(tx: Transaction, person_id: UUID) -> UUID | None:
    """Take a person's account away and return it."""
    return await tx.value(
        UUID, "DELETE FROM people.person_accounts WHERE person_id = $1 RETURNING account_id", person_id
    )
