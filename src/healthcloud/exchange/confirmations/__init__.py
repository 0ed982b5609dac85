"""Confirmations: what a hospital asks a citizen on our page, and the one-use code by which it learns the answer."""

from healthcloud.exchange.confirmations.actions import ask, decide, put_hosts, redeem
from healthcloud.exchange.confirmations.api import router
from healthcloud.exchange.confirmations.errors import (
    CodeUsed,
    CodeWrong,
    ConfirmationDecided,
    ConfirmationExpired,
    ConfirmationUnknown,
    RedirectRefused,
)
from healthcloud.exchange.confirmations.jobs import RECURRING
from healthcloud.exchange.confirmations.model import PURPOSES, Answer, Asked, Carried, Shown, State, Terms, id_of
from healthcloud.exchange.confirmations.reads import hosts_of, shown

__all__ = [
    "PURPOSES",
    "RECURRING",
    "Answer",
    "Asked",
    "Carried",
    "CodeUsed",
    "CodeWrong",
    "ConfirmationDecided",
    "ConfirmationExpired",
    "ConfirmationUnknown",
    "RedirectRefused",
    "Shown",
    "State",
    "Terms",
    "ask",
    "decide",
    "hosts_of",
    "id_of",
    "put_hosts",
    "redeem",
    "router",
    "shown",
]
