"""The neutral core: what every face asks for, carried out once through the features' front doors."""

from healthcloud.gateway.neutral.applying import activate, apply, apply_many
from healthcloud.gateway.neutral.changing import alias, bind, cancel, change, unbind
from healthcloud.gateway.neutral.confirming import Confirmation, ask_citizen, learn_answer
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.finding import find, is_registered
from healthcloud.gateway.neutral.model import (
    CardHeld,
    CardWish,
    ChangeWish,
    Child,
    Code,
    CodeKind,
    Document,
    Errand,
    Organisation,
    PersonHeld,
    Scan,
    Whose,
)
from healthcloud.gateway.neutral.organisations import organisation
from healthcloud.gateway.neutral.reporting import Visit, report_uses, tell_visits
from healthcloud.gateway.neutral.showing import code, scan

__all__ = [
    "CardHeld",
    "CardWish",
    "ChangeWish",
    "Child",
    "Code",
    "CodeKind",
    "Confirmation",
    "Core",
    "Document",
    "Errand",
    "Organisation",
    "PersonHeld",
    "Scan",
    "Visit",
    "Whose",
    "activate",
    "alias",
    "apply",
    "apply_many",
    "ask_citizen",
    "bind",
    "cancel",
    "change",
    "code",
    "find",
    "is_registered",
    "learn_answer",
    "organisation",
    "report_uses",
    "scan",
    "tell_visits",
    "unbind",
]
