"""
Codes to phones, and what they open.

The answer to asking for a code is the same whether or not anybody signs in with the number. A wrong guess is an
outcome that must be kept, so it is returned from its transaction and raised after the COMMIT.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from healthcloud import audit, channels
from healthcloud.access import limits
from healthcloud.access.browser import Browser
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.purposes import CODE
from healthcloud.access.residents import phones, store
from healthcloud.access.residents.errors import CodeRefused, CodesLocked, CodesTooOften, PhoneTaken
from healthcloud.access.residents.model import CODE_DIGITS, CodePurpose, code_text
from healthcloud.access.sessions import SessionLine, SessionOver, begin_session, end_all_sessions, resume_session
from healthcloud.access.tokens import AccountToken, read_token
from healthcloud.core.caller import GUEST, SYSTEM_ACCOUNT, Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.wording import CHINESE, words_in


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way: how long it is good, and when another may be asked for, in seconds."""

    good_seconds: int
    again_seconds: int


async def request_code(
    database: Database,
    policy: AccessPolicy,
    phone: str,
    purpose: CodePurpose,
    *,
    address: str,
    device: str,
    send: bool = True,
    language: str = CHINESE,
) -> CodeSent:
    """
    Send a code to a number, in place of the one it has; without `send` all is the same but that nothing goes out.

    The text is in `language`.

    Raises NotAMobileNumber, CodesTooOften.
    """
    number = _number(phone)
    tries = [
        *(limits.Try(limit, number) for limit in policy.code_sends),
        limits.Try(policy.code_sends_device, device),
        limits.Try(policy.code_sends_address, limits.address_block(address)),
    ]
    allowance = await database.transact(lambda tx: limits.count(tx, tries))
    if allowance.wait_seconds:
        raise CodesTooOften(retry_after=allowance.wait_seconds)
    if send:
        await database.transact(lambda tx: _send_code(tx, policy, number, purpose, language))
    again = policy.code_sends[0].window
    return CodeSent(int(policy.code_life.total_seconds()), int(again.total_seconds()))


async def sign_in(
    database: Database, policy: AccessPolicy, browser: Browser, phone: str, code: str
) -> tuple[AccountToken, SessionLine]:
    """Begin a resident's session; the first time opens the account. Raises CodeRefused, CodesLocked."""
    number = _number(phone)
    await count_guess(database, policy, number, browser.address)
    begun = await database.transact(lambda tx: _begin(tx, policy, browser, number, code))
    if begun is None:
        raise CodeRefused
    return begun


async def change_phone(
    database: Database, policy: AccessPolicy, caller: Caller, browser: Browser, phone: str, code: str, present_code: str
) -> AccountToken:
    """
    Sign in with another number from now on: a code sent to it, and one to the present number, are shown.

    Other sessions end, this one goes on under a new token, and the old number is told. Raises CodeRefused,
    CodesLocked, PhoneTaken, SessionOver.
    """
    number = _number(phone)
    await count_guess(database, policy, number, browser.address)
    token = read_token(browser.former or "")
    if token is None:
        raise SessionOver
    changed = await database.transact(lambda tx: _change(tx, policy, caller, token, number, (code, present_code)))
    if changed is None:
        raise CodeRefused
    return changed


def _number(phone: str) -> str:
    number = channels.mobile_number(phone)
    if number is None:
        raise channels.NotAMobileNumber
    return number


async def _send_code(tx: Transaction, policy: AccessPolicy, number: str, purpose: CodePurpose, language: str) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    now = tx.clock.now()
    mac = tx.vault.fingerprint(CODE, code_text(purpose, number, code))
    fingerprint = phones.fingerprints_of(tx.vault, number)[0]
    await store.put_code(tx, fingerprint, purpose, mac, now, now + policy.code_life)
    minutes = round(policy.code_life.total_seconds() / 60)
    text = words_in(language)(f"texts.{purpose}", code=code, minutes=minutes)
    await channels.send_text(tx, channels.Channel.SMS, number, text, good_for=policy.code_life)


async def count_guess(database: Database, policy: AccessPolicy, number: str, address: str) -> None:
    """Count a try at a number's code before it is looked at; raise CodesLocked."""
    tries = _guesses(policy, number, address)
    allowance = await database.transact(lambda tx: limits.count(tx, tries))
    if allowance.wait_seconds:
        raise CodesLocked(retry_after=allowance.wait_seconds)


def _guesses(policy: AccessPolicy, number: str, address: str) -> tuple[limits.Try, limits.Try]:
    return (
        limits.Try(policy.code_guesses_number, number),
        limits.Try(policy.code_guesses_address, limits.address_block(address)),
    )


async def is_right_code(tx: Transaction, policy: AccessPolicy, number: str, purpose: CodePurpose, code: str) -> bool:
    """Tell whether this is a number's code for this purpose; right or wrong, the try is kept with the transaction."""
    macs = list(tx.vault.fingerprints(CODE, code_text(purpose, number, code)))
    fingerprints = phones.fingerprints_of(tx.vault, number)
    return await store.guess_code(tx, fingerprints, purpose, macs, tx.clock.now(), policy.code_guesses)


async def _begin(
    tx: Transaction, policy: AccessPolicy, browser: Browser, number: str, code: str
) -> tuple[AccountToken, SessionLine] | None:
    if not await is_right_code(tx, policy, number, CodePurpose.SIGN_IN, code):
        known = await phones.holder_of(tx, number)
        await audit.record(tx, GUEST, "access.sign-in-failed", known or SYSTEM_ACCOUNT, outcome="refused")
        return None
    account_id = await _account(tx, number)
    account = await store.account(tx, account_id)
    if account is None or account.state != "active":
        await audit.record(tx, GUEST, "access.sign-in-failed", account_id, outcome="refused")
        return None
    of_number, of_address = _guesses(policy, number, browser.address)
    await limits.clear(tx, of_number)
    await limits.give_back(tx, of_address)
    await store.note_sign_in(tx, account_id, tx.clock.now())
    begun = await begin_session(
        tx, account_id, policy.resident_sessions, browser.device, former=browser.former, second_factor=False
    )
    himself = Caller(CallerKind.RESIDENT, account_id, session_id=begun[1].id)
    await audit.record(tx, himself, "access.signed-in", account_id, detail={"device": browser.device})
    return begun


async def _account(tx: Transaction, number: str) -> UUID:
    """Return the account of a number, opening it the first time; rows for new keys are added as people come by."""
    known = await phones.holder_of(tx, number)
    account_id = await phones.claim_number(tx, number, known or new_id())
    if known is None and await store.account(tx, account_id) is None:
        await store.add_account(tx, account_id, phones.seal_number(tx.vault, account_id, number), tx.clock.now())
        himself = Caller(CallerKind.RESIDENT, account_id)
        await audit.record(tx, himself, "access.resident-joined", account_id)
    return account_id


async def _change(
    tx: Transaction, policy: AccessPolicy, caller: Caller, token: AccountToken, number: str, codes: tuple[str, str]
) -> AccountToken | None:
    account = await store.account(tx, caller.account_id)
    if account is None:
        raise SessionOver
    present = phones.open_number(tx.vault, account.id, account.phone_sealed)
    checks = [
        await is_right_code(tx, policy, one, CodePurpose.CHANGE_PHONE, code)
        for one, code in zip((number, present), codes, strict=True)
    ]
    if not all(checks):
        await audit.record(tx, caller, "access.phone-changed", account.id, outcome="refused")
        return None
    if await phones.claim_number(tx, number, account.id) != account.id:
        raise PhoneTaken
    if present != number:
        await phones.release_number(tx, present, account.id)
        await channels.send_text(tx, channels.Channel.SMS, present, words_in(CHINESE)("texts.phone-changed"))
    await store.set_phone(tx, account.id, phones.seal_number(tx.vault, account.id, number))
    await end_all_sessions(tx, caller, account.id, "phone changed", but=caller.session_id)
    fresh, _ = await resume_session(tx, token, policy.resident_sessions)
    await audit.record(tx, caller, "access.phone-changed", account.id)
    return fresh
