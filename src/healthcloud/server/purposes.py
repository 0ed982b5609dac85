"""What every feature uses keys for: one line per feature; `healthcloud keys create` makes a key for each."""

from healthcloud import (
    access,
    audit,
    cards,
    channels,
    conformance,
    encounters,
    exchange,
    gateway,
    index,
    institutions,
    onboarding,
    people,
    province,
)
from healthcloud.core import drafts, idempotency
from healthcloud.core.crypto import Purpose

PURPOSES: tuple[Purpose, ...] = (
    *idempotency.PURPOSES,
    *drafts.PURPOSES,
    *audit.PURPOSES,
    *channels.PURPOSES,
    *access.PURPOSES,
    *institutions.PURPOSES,
    *exchange.outward.PURPOSES,
    *people.PURPOSES,
    *cards.PURPOSES,
    *index.PURPOSES,
    *province.PURPOSES,
    *gateway.PURPOSES,
    *exchange.evidence.PURPOSES,
    *encounters.PURPOSES,
    *exchange.held.PURPOSES,
    *conformance.PURPOSES,
    *onboarding.PURPOSES,
    *exchange.confirmations.PURPOSES,
)
