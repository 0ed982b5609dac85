"""Deciding a resident's request for a correction: prepared by one operator, confirmed by another where it must be."""

from dataclasses import replace
from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.people import deeds
from healthcloud.people.corrections.actions import correct
from healthcloud.people.corrections.model import CorrectionForm, read_correction
from healthcloud.people.holding import Held, hold
from healthcloud.people.model import HISTORY
from healthcloud.people.proposals import store
from healthcloud.people.proposals.errors import OwnProposal, ProposalNotFound, ProposalThere
from healthcloud.people.proposals.model import Proposal, needs_second
from healthcloud.people.proposals.store import ProposalRow
from healthcloud.people.reading import read_evidence
from healthcloud.people.requests.actions import answer_request
from healthcloud.people.requests.reads import waiting_request

CORRECT = "people.correct"
PROPOSED = b"proposed"
CONFIRMING = "复核更正"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Proposal)


async def propose_correction(
    tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID, form: CorrectionForm, answer: str
) -> bool:
    """
    Correct what a resident asked for, or prepare it for a second operator; tell whether it waits.

    Checked whole before it waits. Raises what `correct` raises, RequestNotFound, RequestClosed, ProposalThere.
    """
    deeds.must(caller, CORRECT)
    await waiting_request(tx, caller, person_id, request_id)
    held = await hold(tx, person_id)
    told = read_evidence(answer, "answer")
    checked = replace(form, evidence=read_evidence(form.evidence))
    read_correction(checked, held.face, tx.clock.now().astimezone(SHANGHAI).date())
    if not needs_second(checked):
        await correct(tx, caller, person_id, replace(checked, version=held.row.version))
        await answer_request(tx, caller, person_id, request_id, told, granted=True)
        return False
    packed = _ENCODER.encode(Proposal(replace(checked, version=held.row.version), told))
    sealed = tx.vault.seal(HISTORY, _place(person_id, request_id), packed)
    row = ProposalRow(person_id, request_id, sealed, tx.clock.now(), caller.account_id)
    if not await store.add_proposal(tx, row):
        raise ProposalThere
    await audit.record(tx, caller, deeds.CORRECTION_PROPOSED, held.id, detail={"request": str(request_id)})
    return True


async def look_at(tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID) -> tuple[Proposal, Held]:
    """Return what is proposed, and the person as they are, to be compared; a deed. Raises ProposalNotFound."""
    deeds.must(caller, CORRECT)
    row = await store.proposal(tx, person_id, request_id)
    if row is None:
        raise ProposalNotFound
    held = await hold(tx, person_id)
    await audit.record(tx, replace(caller, reason=CONFIRMING), deeds.OPENED, held.id)
    return _opened(tx, row), held


async def confirm_correction(tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID) -> int:
    """
    Carry out what another operator prepared, and answer the request; return the new version.

    Raises ProposalNotFound, OwnProposal (a refusal that is kept), PersonChanged, and what `correct` raises.
    """
    row = await _taken(tx, caller, person_id, request_id)
    if row.account_id == caller.account_id:
        audit.refuse(tx, caller, deeds.CORRECTED, person_id, reason=OwnProposal.code)
        raise OwnProposal
    proposal = _opened(tx, row)
    version = await correct(tx, caller, person_id, proposal.form)
    await answer_request(tx, caller, person_id, request_id, proposal.answer, granted=True)
    return version


async def decline_correction(tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID, reason: str) -> None:
    """Put a prepared correction aside with the reason; the request stays open. Whoever prepared it may, too."""
    why = read_evidence(reason, "reason")
    await _taken(tx, caller, person_id, request_id)
    detail: audit.Detail = {"request": str(request_id)}
    await audit.record(tx, replace(caller, reason=why), deeds.CORRECTION_DECLINED, person_id, detail=detail)


async def _taken(tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID) -> ProposalRow:
    deeds.must(caller, CORRECT)
    row = await store.take_proposal(tx, person_id, request_id)
    if row is None:
        raise ProposalNotFound
    return row


def _opened(tx: Transaction, row: ProposalRow) -> Proposal:
    return _DECODER.decode(tx.vault.open(HISTORY, _place(row.person_id, row.request_id), row.proposal_sealed))


def _place(person_id: UUID, request_id: UUID) -> bytes:
    return person_id.bytes + request_id.bytes + PROPOSED
