"""The electronic health card's codes: what a scanned text is, and whether its token is genuine and of this minute."""

from healthcloud_reader.forms import (
    BareCardId,
    DynamicCode,
    InsuranceVoucher,
    Reading,
    ResidentId,
    StaticCode,
    parse,
)
from healthcloud_reader.reasons import Reason, Unreadable
from healthcloud_reader.steps import PERIOD_STEPS, STEP_SECONDS, period_of, step_at, step_start
from healthcloud_reader.tokens import (
    PLATFORM_SLOT,
    Algorithm,
    ClockOff,
    Derive,
    Token,
    check_token,
    make_token,
    masters_of,
    slot_secrets,
    token_of,
)

__all__ = [
    "PERIOD_STEPS",
    "PLATFORM_SLOT",
    "STEP_SECONDS",
    "Algorithm",
    "BareCardId",
    "ClockOff",
    "Derive",
    "DynamicCode",
    "InsuranceVoucher",
    "Reading",
    "Reason",
    "ResidentId",
    "StaticCode",
    "Token",
    "Unreadable",
    "check_token",
    "make_token",
    "masters_of",
    "parse",
    "period_of",
    "slot_secrets",
    "step_at",
    "step_start",
    "token_of",
]
