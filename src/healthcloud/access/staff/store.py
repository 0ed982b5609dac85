"""Every statement about members of staff and their invitations."""

from datetime import datetime
from uuid import UUID

from healthcloud.access.staff.model import StaffAccount, StaffLine
from healthcloud.core.db import Read, Transaction


async def claim_login(tx: Transaction, login: str, account_id: UUID) -> bool:
    """Take a login name for good; False when somebody has or had it."""
    return (
        await tx.run(
            "INSERT INTO access.logins (login, account_id) VALUES ($1, $2) ON CONFLICT (login) DO NOTHING",
            login,
            account_id,
        )
        == 1
    )


async def add_account(tx: Transaction, line: StaffLine) -> bool:
    """Write a new member of staff; False when this id is there already."""
    return (
        await tx.run(
            """
            INSERT INTO access.accounts (id, kind, state, institution_id, name, login, created_at)
            VALUES ($1, 'staff', $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO NOTHING
            """,
            line.id,
            line.state,
            line.institution_id,
            line.name,
            line.login,
            line.created_at,
        )
        == 1
    )


async def account_of_login(read: Read, login: str) -> UUID | None:
    """Return whose login name this is."""
    return await read.value(UUID, "SELECT account_id FROM access.logins WHERE login = $1", login)


async def account(read: Read, account_id: UUID) -> StaffAccount | None:
    """Return a member of staff."""
    return await read.one(
        StaffAccount,
        """
        SELECT id, state, institution_id, name, login, password_hash, password_set_at, totp_sealed, totp_step, pin_hash
          FROM access.accounts WHERE id = $1 AND kind = 'staff'
        """,
        account_id,
    )


async def hold_account(tx: Transaction, account_id: UUID) -> StaffAccount | None:
    """Return a member of staff, held so that his factors and state change one after the other."""
    return await tx.one(
        StaffAccount,
        """
        SELECT id, state, institution_id, name, login, password_hash, password_set_at, totp_sealed, totp_step, pin_hash
          FROM access.accounts WHERE id = $1 AND kind = 'staff' FOR UPDATE
        """,
        account_id,
    )


async def use_step(tx: Transaction, account_id: UUID, step: int, password_hash: str, signed_in_at: datetime) -> bool:
    """Spend a step of the second factor at sign-in; False when it, or the password, is no longer the one proven."""
    return (
        await tx.run(
            """
            UPDATE access.accounts SET totp_step = $2, signed_in_at = $4
             WHERE id = $1 AND state = 'active' AND totp_step < $2 AND password_hash = $3
            """,
            account_id,
            step,
            password_hash,
            signed_in_at,
        )
        == 1
    )


async def set_password(
    tx: Transaction, account_id: UUID, old_hash: str, new_hash: str, set_at: datetime, step: int
) -> bool:
    """Put a new password in place of the one proven, and spend the step that was proven with it."""
    return (
        await tx.run(
            """
            UPDATE access.accounts SET password_hash = $3, password_set_at = $4, totp_step = $5
             WHERE id = $1 AND password_hash = $2 AND state = 'active' AND totp_step < $5
            """,
            account_id,
            old_hash,
            new_hash,
            set_at,
            step,
        )
        == 1
    )


async def set_hash(tx: Transaction, account_id: UUID, old_hash: str, new_hash: str) -> None:
    """Keep the same password at another cost."""
    await tx.run(
        "UPDATE access.accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        account_id,
        old_hash,
        new_hash,
    )


async def set_pin(tx: Transaction, account_id: UUID, pin_hash: str, step: int) -> bool:
    """Set the PIN and spend the step that allowed it."""
    return (
        await tx.run(
            """
            UPDATE access.accounts SET pin_hash = $2, totp_step = $3
             WHERE id = $1 AND state = 'active' AND totp_step < $3
            """,
            account_id,
            pin_hash,
            step,
        )
        == 1
    )


async def spend_step(tx: Transaction, account_id: UUID, step: int) -> bool:
    """Spend a step of the second factor; False when it was spent."""
    return (
        await tx.run("UPDATE access.accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2", account_id, step)
        == 1
    )


async def set_factors(
    tx: Transaction,
    account_id: UUID,
    state: str,
    password_hash: str | None,
    password_set_at: datetime | None,
    totp_sealed: bytes | None,
    totp_step: int,
) -> None:
    """Write state and factors of an account that is held."""
    await tx.run(
        """
        UPDATE access.accounts
           SET state = $2, password_hash = $3, password_set_at = $4, totp_sealed = $5, totp_step = $6
         WHERE id = $1
        """,
        account_id,
        state,
        password_hash,
        password_set_at,
        totp_sealed,
        totp_step,
    )


async def set_state(tx: Transaction, account_id: UUID, state: str) -> None:
    """Write the state of an account that is held."""
    await tx.run("UPDATE access.accounts SET state = $2 WHERE id = $1", account_id, state)


async def close_account(tx: Transaction, account_id: UUID, at: datetime) -> None:
    """Let somebody go: what he proved himself by is erased."""
    await tx.run(
        """
        UPDATE access.accounts
           SET state = 'left', ended_at = $2, password_hash = NULL, totp_sealed = NULL, pin_hash = NULL
         WHERE id = $1
        """,
        account_id,
        at,
    )


async def staff_after(
    read: Read, wanted: tuple[UUID | None, str | None, str | None], after: UUID, limit: int
) -> list[StaffLine]:
    """
    Return staff by id after a place in the list.

    Of one institution, one state, or with a text in login or name, where `wanted` names one, in this order.
    """
    return await read.all(
        StaffLine,
        """
        SELECT id, login, name, state, institution_id, created_at, signed_in_at, ended_at
          FROM access.accounts
         WHERE kind = 'staff' AND id > $4 AND ($1::uuid IS NULL OR institution_id = $1)
           AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR strpos(login, $3) > 0 OR strpos(name, $3) > 0)
         ORDER BY id
         LIMIT $5
        """,
        *wanted,
        after,
        limit,
    )


async def staff_line(read: Read, account_id: UUID) -> StaffLine | None:
    """Return a member of staff as in a list."""
    return await read.one(
        StaffLine,
        """
        SELECT id, login, name, state, institution_id, created_at, signed_in_at, ended_at
          FROM access.accounts WHERE id = $1 AND kind = 'staff'
        """,
        account_id,
    )


async def staff_lines(read: Read, account_ids: list[UUID]) -> list[StaffLine]:
    """Return those of these accounts that are of staff."""
    return await read.all(
        StaffLine,
        """
        SELECT id, login, name, state, institution_id, created_at, signed_in_at, ended_at
          FROM access.accounts WHERE id = ANY($1) AND kind = 'staff'
        """,
        account_ids,
    )


async def keep_past_password(tx: Transaction, account_id: UUID, set_at: datetime, password_hash: str) -> None:
    """Remember a password that was in use."""
    await tx.run(
        "INSERT INTO access.past_passwords (account_id, set_at, password_hash) VALUES ($1, $2, $3)",
        account_id,
        set_at,
        password_hash,
    )


async def past_passwords(read: Read, account_id: UUID, limit: int) -> list[str]:
    """Return the hashes of the newest passwords."""
    return await read.values(
        str,
        "SELECT password_hash FROM access.past_passwords WHERE account_id = $1 ORDER BY set_at DESC LIMIT $2",
        account_id,
        limit,
    )


async def forget_past_passwords(tx: Transaction, account_id: UUID) -> None:
    """Forget them all, of somebody who has left."""
    await tx.run("DELETE FROM access.past_passwords WHERE account_id = $1", account_id)
