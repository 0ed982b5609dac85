"""What every errand shares: carried out once by its serial, and finding whom it is about."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import msgspec

from healthcloud import cards, people
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Forbidden, Unacceptable
from healthcloud.core.idempotency import once
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.model import Document, Errand, Whose

Result = TypeVar("Result")


async def carry_out(
    core: Core,
    errand: Errand,
    said: object,
    action: Callable[[Transaction], Awaitable[Result]],
    kind: type[Result],
) -> Result:
    """
    Run an action in one transaction, once for the errand's serial; the answer to a repeat is the first one's.

    The same serial with something else `said` raises KeyReused. A serial is kept as a digest: institutions write what
    they like into it. What is refused is not kept, so that it may be sent again.
    """

    async def act(tx: Transaction) -> Result:
        if errand.serial is None:
            return await action(tx)
        route = f"{errand.face} {errand.method}"
        key = sm3(errand.serial.encode()).hex()
        answer = await once(tx, errand.caller, route, key, msgspec.json.encode(said), action)
        return msgspec.json.decode(answer.body, type=kind)

    return await core.database.transact(act)


async def subject_of(tx: Transaction, errand: Errand, whose: Whose) -> UUID:
    """Return whom this names, each way a deed they read; raise CardNotFound, PersonNotFound, Unacceptable."""
    caller = errand.caller
    if whose.card_id is not None:
        return await cards.counter.holder_at_counter(tx, caller, whose.card_id)
    if whose.document is not None:
        return (await people.find_by_document(tx, caller, document_form(whose.document))).person_id
    caller.must("people.register")
    owner = None
    if whose.local_number is not None:
        if caller.institution_id is None:
            raise Forbidden
        owner = await people.patient_numbers.owner_of_number(tx, caller.institution_id, whose.local_number)
    elif whose.person_id is not None:
        owner = await people.canonical_of(tx, whose.person_id)
    else:
        fault = FieldFault("#", "names nobody: a card id, a document or a number is needed", "须有卡号、证件或患者号")
        raise Unacceptable(faults=(fault,))
    if owner is None:
        raise people.PersonNotFound
    return owner


def document_form(document: Document) -> people.DocumentForm:
    """Return a document as people read it."""
    return people.DocumentForm(document.kind, document.number, document.issuer, document.valid_from, document.valid_to)
