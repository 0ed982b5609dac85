"""Asking a citizen, their answer, and the hospital learning it once."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import msgspec

from healthcloud import access, audit
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import Vault, same
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.exchange.confirmations import deeds, store
from healthcloud.exchange.confirmations.errors import (
    CodeUsed,
    CodeWrong,
    ConfirmationDecided,
    ConfirmationExpired,
    ConfirmationUnknown,
    HostsWrong,
    RedirectRefused,
)
from healthcloud.exchange.confirmations.model import (
    ASK,
    BODY,
    CODE,
    HOSTS,
    LIVES,
    MOST_HOSTS,
    TOKEN_BYTES,
    Answer,
    Asked,
    Carried,
    Shown,
    State,
    Terms,
    host_faults,
    read_token,
    redirect_faults,
    token_of,
    way_back,
)


async def put_hosts(tx: Transaction, caller: Caller, client_id: UUID, hosts: Iterable[str]) -> None:
    """Let browsers be sent back to these hosts only for a client (scope access.manage-clients). HostsWrong."""
    caller.must(HOSTS)
    if caller.institution_id is not None:
        raise Forbidden(scope=HOSTS)
    client = await access.clients.client_of(tx, caller, client_id)
    names = sorted({one.lower() for one in hosts})[: MOST_HOSTS + 1]
    if faults := host_faults(names):
        raise HostsWrong(faults=faults)
    if len(names) > MOST_HOSTS:
        raise HostsWrong(most=MOST_HOSTS)
    await store.remove_hosts(tx, client_id)
    await store.add_hosts(tx, client_id, names)
    detail = {"client": str(client_id), "hosts": " ".join(names)}
    await audit.record(tx, caller, deeds.HOSTS_SET, client.institution_id, detail=detail)


async def ask(tx: Transaction, caller: Caller, person_id: UUID, carried: Carried, terms: Terms) -> Asked:
    """
    Ask a person, for a client of an institution (scope people.register); half an hour, a deed they can read.

    Raises RedirectRefused for an address on no host registered for this client.
    """
    caller.must(ASK)
    if caller.institution_id is None:
        raise Forbidden(scope=ASK)
    hosts = await store.hosts(tx, caller.account_id)
    faults = (
        *redirect_faults("verifySuccessRedirectUrl", carried.success_url, hosts, terms),
        *redirect_faults("verifyFailRedirectUrl", carried.fail_url, hosts, terms),
    )
    if faults:
        raise RedirectRefused(faults=faults)
    now, asked_id = tx.clock.now(), new_id()
    token = token_of(asked_id, secrets.token_hex(TOKEN_BYTES))
    row = store.Row(
        asked_id,
        caller.institution_id,
        person_id,
        State.ASKED,
        now + LIVES,
        None,
        _sealed(tx.vault, asked_id, carried),
        tx.vault.fingerprint(CODE, token),
        None,
    )
    await store.add(tx, row, caller.account_id, now)
    await audit.record(tx, caller, deeds.ASKED, person_id, detail={"scene": carried.scene})
    return Asked(asked_id, token)


async def decide(tx: Transaction, caller: Caller, token: str, own: frozenset[UUID], *, agreed: bool) -> None:
    """
    Keep what whom it is about says; `own` are the ids of the person who looks, whose identity was checked.

    Raises ConfirmationUnknown (also for somebody else's), ConfirmationDecided, ConfirmationExpired.
    """
    row = await _linked(tx, token)
    if row.person_id not in own:
        raise ConfirmationUnknown
    if row.state != State.ASKED:
        raise ConfirmationDecided
    now = tx.clock.now()
    if row.ends_at <= now:
        raise ConfirmationExpired
    code = token_of(row.id, secrets.token_hex(TOKEN_BYTES))
    said = replace(_opened(tx, row), code=code)
    decided = row._replace(
        state=State.AGREED if agreed else State.DECLINED,
        ends_at=now + LIVES,
        body_sealed=_sealed(tx.vault, row.id, said),
        code_print=tx.vault.fingerprint(CODE, code),
    )
    await store.decide(tx, decided)
    deed = deeds.AGREED if agreed else deeds.DECLINED
    await audit.record(tx, caller, deed, row.person_id, detail={"institution": str(row.institution_id)})


async def redeem(tx: Transaction, caller: Caller, confirmation_id: UUID, code: str) -> Answer:
    """
    Tell a client of the institution that asked what was said, once, within half an hour of the answer.

    Raises ConfirmationUnknown (also for another institution's), CodeWrong, CodeUsed, ConfirmationExpired.
    """
    caller.must(ASK)
    row = await store.held(tx, confirmation_id)
    if row is None or caller.institution_id is None or row.institution_id != caller.institution_id:
        raise ConfirmationUnknown
    if row.code_print is None or not _is(tx.vault, row.code_print, code):
        raise CodeWrong
    if row.used_at is not None:
        raise CodeUsed
    now = tx.clock.now()
    if row.ends_at <= now:
        raise ConfirmationExpired
    await store.use(tx, row.id, now)
    await audit.record(tx, caller, deeds.TOLD, row.person_id)
    return Answer(row.person_id, row.state == State.AGREED)


def shown_of(read: Read, row: store.Row) -> Shown:
    """Return a confirmation as whom it is about sees it."""
    carried, state = _opened(read, row), State(row.state)
    is_over = row.ends_at <= read.clock.now() or row.used_at is not None
    way = "" if is_over else way_back(carried, state)
    return Shown(row.id, row.institution_id, row.person_id, state, carried, row.ends_at, is_over, way)


def is_linked(vault: Vault, row: store.Row, token: str) -> bool:
    """Tell whether this is the last part of its page's address."""
    return _is(vault, row.link_print, token)


async def _linked(tx: Transaction, token: str) -> store.Row:
    told = read_token(token)
    row = None if told is None else await store.held(tx, told[0])
    if row is None or not is_linked(tx.vault, row, token):
        raise ConfirmationUnknown
    return row


def _is(vault: Vault, kept: bytes, text: str) -> bool:
    return any(same(one, kept) for one in vault.fingerprints(CODE, text))


def _sealed(vault: Vault, row_id: UUID, carried: Carried) -> bytes:
    return vault.seal(BODY, row_id.bytes, msgspec.json.encode(carried))


def _opened(read: Read, row: store.Row) -> Carried:
    return msgspec.json.decode(read.vault.open(BODY, row.id.bytes, row.body_sealed), type=Carried)
