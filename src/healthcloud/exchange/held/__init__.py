"""Held: messages carried out once each, and those kept, sealed, until the feature they are for takes them over."""

from healthcloud.exchange.held.actions import known, note, open_held, take
from healthcloud.exchange.held.api import router
from healthcloud.exchange.held.jobs import KINDS, RECURRING, keep_seals
from healthcloud.exchange.held.model import PURPOSES, CarriedOut, HeldCount, HeldIn, HeldLine, HeldMessage
from healthcloud.exchange.held.reads import counts, list_held

JOBS = KINDS

__all__ = [
    "JOBS",
    "PURPOSES",
    "RECURRING",
    "CarriedOut",
    "HeldCount",
    "HeldIn",
    "HeldLine",
    "HeldMessage",
    "counts",
    "keep_seals",
    "known",
    "list_held",
    "note",
    "open_held",
    "router",
    "take",
]
