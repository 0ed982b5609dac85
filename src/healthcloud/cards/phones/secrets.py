"""What a phone keeps: the secrets of its slot, derived anew whenever they are asked for, never stored."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from healthcloud.cards.model import CODE_MASTER
from healthcloud.cards.phones.model import Phone
from healthcloud.core.db import Read
from healthcloud_reader import PERIOD_STEPS, period_of, slot_secrets, step_at, step_start

ALGORITHM = "HMAC-SHA-256"


@dataclass(frozen=True, slots=True)
class PeriodSecret:
    """A secret (64 hexadecimal digits) for the tokens of steps from `since` on, before `until`."""

    period: int
    secret: str = field(repr=False)
    since: datetime = field()
    until: datetime = field()


@dataclass(frozen=True, slots=True)
class PhoneSecrets:
    """
    All a phone needs to make codes: docs/decisions/0002 says how.

    `renew_at` is when to ask for the next period's; the old ones are accepted for one period more.
    """

    phone_id: UUID
    card_id: str
    slot: int
    epoch: int
    algorithm: str
    step_seconds: int
    secrets: list[PeriodSecret]
    renew_at: datetime
    server_time: datetime


def secrets_of(read: Read, phone: Phone) -> PhoneSecrets:
    """Return a phone's secrets for this period and the next."""
    now = read.clock.now()
    current = period_of(step_at(now))
    derive = partial(read.vault.derive, CODE_MASTER)
    return PhoneSecrets(
        phone_id=phone.id,
        card_id=phone.card_id.hex().upper(),
        slot=phone.slot,
        epoch=phone.epoch,
        algorithm=ALGORITHM,
        step_seconds=60,
        secrets=[
            PeriodSecret(
                period,
                slot_secrets(derive, phone.card_id, phone.slot, phone.epoch, period)[0].hex(),
                step_start(period * PERIOD_STEPS),
                step_start((period + 1) * PERIOD_STEPS),
            )
            for period in (current, current + 1)
        ],
        renew_at=step_start((current + 1) * PERIOD_STEPS),
        server_time=now,
    )
