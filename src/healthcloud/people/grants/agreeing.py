"""An elder agrees by a code sent to their own phone: for who has a phone and no account, beside who helps them."""

from uuid import UUID

from healthcloud import access, channels
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.people.errors import GrantDecided, GrantNotFound
from healthcloud.people.grants import store
from healthcloud.people.grants.actions import accept_by_code
from healthcloud.people.grants.model import Grant, GrantState
from healthcloud.people.grants.reads import is_self
from healthcloud.people.model import Policy
from healthcloud.people.seen.reads import faces


async def send_agreement_code(
    database: Database,
    policy: access.AccessPolicy,
    caller: Caller,
    grant: tuple[UUID, UUID],
    phone: str,
    browser: tuple[str, str],
) -> access.residents.CodeSent:
    """
    Send a code to the phone of whom the caller asked to act for, `grant` being person and grant.

    Nothing is sent to a number that is not the person's registered one, and the answer does not tell. `browser` is the
    network address and the device. Raises GrantNotFound, GrantDecided, NotAMobileNumber, CodesTooOften.
    """
    number = _number(phone)
    async with database.read() as read:
        is_theirs = await _registered_phone(read, await _asked(read, caller, grant)) == number
    address, device = browser
    purpose = access.residents.CodePurpose.AGREE
    return await access.residents.request_code(
        database, policy, number, purpose, address=address, device=device, send=is_theirs
    )


async def agree_by_code(
    database: Database,
    policies: tuple[access.AccessPolicy, Policy],
    caller: Caller,
    grant: tuple[UUID, UUID],
    proof: tuple[str, str],
    address: str,
) -> Grant:
    """
    Put a grant in force by the code that came to the person's phone; `proof` is phone and code.

    Raises GrantNotFound, GrantDecided, GuardianNeeded, TooManyKeepers, CodeRefused, CodesLocked, NotAMobileNumber.
    """
    phone, code = proof
    number, (access_policy, policy) = _number(phone), policies
    await access.residents.count_guess(database, access_policy, number, address)

    async def act(tx: Transaction) -> Grant | None:
        asked = await _asked(tx, caller, grant)
        purpose = access.residents.CodePurpose.AGREE
        is_right = await access.residents.is_right_code(tx, access_policy, number, purpose, code)
        if not is_right or await _registered_phone(tx, asked) != number:
            return None  # the guess is kept
        return await accept_by_code(tx, caller, asked, policy)

    agreed = await database.transact(act)
    if agreed is None:
        raise access.residents.CodeRefused
    return agreed


async def _asked(read: Read, caller: Caller, grant: tuple[UUID, UUID]) -> Grant:
    """Return a grant the caller asked for that waits for an answer."""
    found = await store.grant(read, *grant)
    if found is None or caller.kind is not CallerKind.RESIDENT or not await is_self(read, caller, found.keeper_id):
        raise GrantNotFound
    if found.state != GrantState.ASKED or (found.until is not None and found.until <= read.clock.now()):
        raise GrantDecided
    return found


async def _registered_phone(read: Read, grant: Grant) -> str | None:
    seen = (await faces(read, None, [grant.person_id])).get(grant.person_id)
    return seen.face.phone if seen else None


def _number(phone: str) -> str:
    number = channels.mobile_number(phone)
    if number is None:
        raise channels.NotAMobileNumber
    return number
