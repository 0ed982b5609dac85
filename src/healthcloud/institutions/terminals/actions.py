"""What clerks do with terminals: add, enrol, bind, replace, retire; each takes effect with its COMMIT."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault
from healthcloud.core.ids import new_id
from healthcloud.institutions.actions import hold_open
from healthcloud.institutions.codes import CodeUnknown, plain_scene, require_codes, scenes
from healthcloud.institutions.deeds import (
    ENROLMENT_ISSUED,
    TERMINAL_ADDED,
    TERMINAL_BOUND,
    TERMINAL_MOVED,
    TERMINAL_RETIRED,
)
from healthcloud.institutions.departments import require_departments
from healthcloud.institutions.errors import ParticularsWrong
from healthcloud.institutions.rights import MANAGE, may_manage
from healthcloud.institutions.terminals import store
from healthcloud.institutions.terminals.errors import (
    ClientElsewhere,
    EnrolmentCodeWrong,
    TerminalTaken,
    TerminalUnknown,
)
from healthcloud.institutions.terminals.model import (
    ENROLMENT,
    ENROLMENT_ALPHABET,
    ENROLMENT_LENGTH,
    ENROLMENT_LIFE,
    Bound,
    Enrolment,
    Terminal,
    TerminalWish,
    is_same,
    kind_claim,
    plain_enrolment_code,
    shown_enrolment_code,
    wish_faults,
)

TOKEN_BYTES = 32


async def add_terminals(
    tx: Transaction, caller: Caller, wishes: Mapping[UUID, Sequence[TerminalWish]]
) -> dict[UUID, list[Terminal]]:
    """
    Add terminals to open institutions and return them per institution, in the order of the wishes.

    One in use under that name is returned as it is; raises TerminalTaken where it is described otherwise, also
    ParticularsWrong, CodeUnknown, DepartmentUnknown, InstitutionClosed, InstitutionUnknown.
    """
    for institution_id in wishes:
        may_manage(caller, institution_id)
    plain = {
        owner: [replace(wish, scene_code=plain_scene(wish.scene_code)) for wish in some]
        for owner, some in wishes.items()
    }
    await _check(tx, plain)
    await hold_open(tx, list(plain))
    pairs = [(owner, wish) for owner, some in plain.items() for wish in some]
    added = await store.add_terminals(tx, [_new(owner, wish) for owner, wish in pairs], tx.clock.now())
    entries = [audit.Entry(TERMINAL_ADDED, one.id, detail={"institution": str(one.institution_id)}) for one in added]
    await audit.record_many(tx, caller, entries)
    named = await store.active_named(tx, [owner for owner, _ in pairs], [wish.name for _, wish in pairs])
    there = {(one.institution_id, one.name): one for one in named}
    for owner, wish in pairs:
        if not is_same(there[owner, wish.name], wish):
            raise TerminalTaken(terminal_id=str(there[owner, wish.name].id))
    return {owner: [there[owner, wish.name] for wish in some] for owner, some in plain.items()}


async def _check(tx: Transaction, wishes: Mapping[UUID, Sequence[TerminalWish]]) -> None:
    every = [wish for some in wishes.values() for wish in some]
    faults = tuple(fault for wish in every for fault in wish_faults(wish))
    if faults:
        raise ParticularsWrong(faults=faults)
    await require_codes(tx, [kind_claim(wish) for wish in every])
    known = await scenes(tx)
    if any(wish.scene_code not in known for wish in every):
        raise CodeUnknown(faults=(FieldFault("#/scene_code", "is no scene (med-step)", "不是诊疗环节代码"),))
    places = {(owner, w.department_id) for owner, some in wishes.items() for w in some if w.department_id is not None}
    await require_departments(tx, places)


def _new(institution_id: UUID, wish: TerminalWish) -> Terminal:
    return Terminal(
        id=new_id(),
        institution_id=institution_id,
        department_id=wish.department_id,
        name=wish.name,
        kind=wish.kind,
        scene_code=wish.scene_code,
        client_id=None,
        state="active",
        binding=0,
        retired_at=None,
        replaced_by=None,
    )


async def enrol_terminal(tx: Transaction, caller: Caller, institution_id: UUID, wish: TerminalWish) -> Enrolment:
    """Add a terminal, or find the one of this name, and issue a one-time code to bind a browser to it."""
    (added,) = (await add_terminals(tx, caller, {institution_id: [wish]}))[institution_id]
    return await issue_enrolment(tx, caller, added.id)


async def issue_enrolment(tx: Transaction, caller: Caller, terminal_id: UUID) -> Enrolment:
    """
    Issue a one-time code, good for half an hour, to bind a browser to a terminal; earlier codes are worthless.

    The browser that sits there goes on until the new one is bound. Raises TerminalUnknown.
    """
    one = await _hold(tx, caller, terminal_id)
    code = "".join(secrets.choice(ENROLMENT_ALPHABET) for _ in range(ENROLMENT_LENGTH))
    expires_at = tx.clock.now() + ENROLMENT_LIFE
    await store.drop_enrolments(tx, one.id)
    await store.add_enrolment(tx, tx.vault.fingerprint(ENROLMENT, code), one.id, expires_at)
    await audit.record(tx, caller, ENROLMENT_ISSUED, one.id, detail={"institution": str(one.institution_id)})
    return Enrolment(one.id, shown_enrolment_code(code), expires_at)


async def bind_terminal(tx: Transaction, caller: Caller, code: str) -> Bound:
    """Bind the browser that shows a good enrolment code, whoever sits there; the browser before it is out at once."""
    hashes = list(tx.vault.fingerprints(ENROLMENT, plain_enrolment_code(code)))
    terminal_id = await store.spend_enrolment(tx, hashes, tx.clock.now())
    one = await store.bind_next(tx, terminal_id) if terminal_id is not None else None
    if one is None:
        raise EnrolmentCodeWrong
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await store.add_binding(tx, sm3(token.encode()), one, tx.clock.now())
    await audit.record(tx, caller, TERMINAL_BOUND, one.id, detail={"to": "browser", "binding": one.binding})
    return Bound(one, token)


async def bind_to_client(tx: Transaction, caller: Caller, terminal_id: UUID, client_id: UUID | None) -> None:
    """
    Let one API client of the institution alone speak for a terminal, or with None any client of the institution.

    Raises TerminalUnknown, ClientElsewhere.
    """
    one = await _hold(tx, caller, terminal_id)
    if client_id is not None:
        owner = await store.live_client_of(tx, client_id, tx.clock.now())
        if owner != one.institution_id:
            raise ClientElsewhere
    await store.give_to_client(tx, one.id, client_id)
    detail: dict[str, str | int | bool | None] = {"to": "client", "client": str(client_id) if client_id else None}
    await audit.record(tx, caller, TERMINAL_BOUND, one.id, detail=detail)


async def set_scene(tx: Transaction, caller: Caller, terminal_id: UUID, scene_code: str) -> None:
    """
    Give a terminal another usual step of treatment; scans count for it within half a minute, past ones stay.

    Raises TerminalUnknown, CodeUnknown.
    """
    one = await _hold(tx, caller, terminal_id)
    plain = plain_scene(scene_code)
    if plain not in await scenes(tx):
        raise CodeUnknown(faults=(FieldFault("#/scene_code", "is no scene (med-step)", "不是诊疗环节代码"),))
    await store.set_scene(tx, one.id, plain)
    detail: dict[str, str | int | bool | None] = {"before": one.scene_code, "after": plain}
    await audit.record(tx, caller, TERMINAL_MOVED, one.id, detail=detail)


async def retire_terminal(tx: Transaction, caller: Caller, terminal_id: UUID) -> None:
    """Take a terminal out of use for good: its browser and clients are refused from this COMMIT on."""
    one = await _hold(tx, caller, terminal_id)
    await _retire(tx, caller, one)


async def replace_terminal(tx: Transaction, caller: Caller, terminal_id: UUID) -> Enrolment:
    """Put a new terminal of the same name and place where this one stood, retire this one, and issue a code."""
    one = await _hold(tx, caller, terminal_id)
    await _retire(tx, caller, one)
    wish = TerminalWish(one.name, one.kind, one.scene_code, one.department_id)
    enrolment = await enrol_terminal(tx, caller, one.institution_id, wish)
    await store.name_successor(tx, one.id, enrolment.terminal_id)
    return enrolment


async def _hold(tx: Transaction, caller: Caller, terminal_id: UUID) -> Terminal:
    caller.must(MANAGE)
    one = await store.hold_active(tx, terminal_id)
    if one is None:
        raise TerminalUnknown
    may_manage(caller, one.institution_id)
    return one


async def _retire(tx: Transaction, caller: Caller, one: Terminal) -> None:
    await store.retire(tx, one.id, tx.clock.now())
    await store.drop_enrolments(tx, one.id)
    await audit.record(tx, caller, TERMINAL_RETIRED, one.id, detail={"institution": str(one.institution_id)})
