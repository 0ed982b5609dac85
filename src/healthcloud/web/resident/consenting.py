"""The consents a card needs, each with a tick of its own: using health-card data, and sensitive data (PIPL 29)."""

from dataclasses import replace
from uuid import UUID

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.web.card_consent import DAYS, TEXT_VERSION

_TOLD = {
    "agree": ("tick that you agree, or leave it and go to a counter", "请勾选同意；不同意也可以到窗口办理"),
    "sensitive": (
        "tick that your document may be used to check who you are, or go to a counter",
        "请单独勾选同意使用证件信息；不同意也可以到窗口办理",
    ),
}


def must_tick(form: dict[str, str], names: tuple[str, ...]) -> None:
    """Raise Unacceptable for each tick that is missing."""
    faults = tuple(FieldFault(f"#/{name}", *_TOLD[name]) for name in names if form.get(name) != "yes")
    if faults:
        raise Unacceptable(faults=faults)


async def consent_to(
    tx: Transaction, caller: Caller, person_id: UUID, purposes: tuple[str, ...], policy: people.Policy
) -> None:
    """
    Keep consents of a person; where a keeper acts, they must be allowed to consent for them.

    An account is tied to its person in the same transaction, so the caller does not yet know them.
    """
    himself = caller if caller.person_id is not None else replace(caller, person_id=person_id)
    for purpose in purposes:
        wish = people.consents.ConsentWish(purpose, TEXT_VERSION, DAYS, "app")
        await people.consents.give_consent(tx, himself, person_id, wish, policy)
