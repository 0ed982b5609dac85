"""Outward: what goes out to institutions' own systems, each by a queue of its own, so that none makes another wait."""

from healthcloud.exchange.outward import endpoints
from healthcloud.exchange.outward.actions import asking_for, discard, replay, send
from healthcloud.exchange.outward.api import router
from healthcloud.exchange.outward.asking import Outward, Reply
from healthcloud.exchange.outward.errors import DeadLetterUnknown, EndpointUnknown, HospitalAway, HospitalBusy
from healthcloud.exchange.outward.model import (
    CARD_CHANGED,
    PERSON_CHANGED,
    DeadLetter,
    MessageKind,
    QueueLine,
    declare_kind,
    declared_kinds,
)
from healthcloud.exchange.outward.purposes import PURPOSES
from healthcloud.exchange.outward.reads import OLDEST, dead_letter, dead_letters, queues
from healthcloud.exchange.outward.tidying import RECURRING

__all__ = [
    "CARD_CHANGED",
    "OLDEST",
    "PERSON_CHANGED",
    "PURPOSES",
    "RECURRING",
    "DeadLetter",
    "DeadLetterUnknown",
    "EndpointUnknown",
    "HospitalAway",
    "HospitalBusy",
    "MessageKind",
    "Outward",
    "QueueLine",
    "Reply",
    "asking_for",
    "dead_letter",
    "dead_letters",
    "declare_kind",
    "declared_kinds",
    "discard",
    "endpoints",
    "queues",
    "replay",
    "router",
    "send",
]
