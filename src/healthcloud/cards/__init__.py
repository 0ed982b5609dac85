"""Cards: one card per person; its codes, dynamic and printed; its phones; its verification and use at institutions."""

from healthcloud.cards import api, census, counter, desk, events, late, offline, phones, reported, stock, uses
from healthcloud.cards.actions import (
    Application,
    Applied,
    apply,
    cancel,
    convert,
    freeze,
    prepare,
    prepare_many,
    take_back,
    unfreeze,
)
from healthcloud.cards.aliases import add_alias
from healthcloud.cards.codes import CodeShown, PrintedCode, code_of, print_code
from healthcloud.cards.consequences import what_follows
from healthcloud.cards.errors import CardNotFound
from healthcloud.cards.finding import aliases_of, find_by_number, history_of, holder_of_number, read_number
from healthcloud.cards.front import Front, front_of, fronts_of
from healthcloud.cards.late import LateItem, keep_late_uses
from healthcloud.cards.late.api import router as _late_router
from healthcloud.cards.loading import load_cards
from healthcloud.cards.model import CITY_SIGNATURE, PURPOSES, Card, CardKind, CardStatus, Mode, Why
from healthcloud.cards.offline.api import router as _offline_router
from healthcloud.cards.phones import PhoneCertificate, certify_phone
from healthcloud.cards.phones.api import router as _phones_router
from healthcloud.cards.ports import CardIdStrategy
from healthcloud.cards.reactions import REACTIONS
from healthcloud.cards.reads import card_of, my_card, statuses_of
from healthcloud.cards.reported.api import router as _reported_router
from healthcloud.cards.uses import check_use_batches, my_uses
from healthcloud.cards.uses.api import router as _uses_router
from healthcloud.cards.verification import (
    HOT_DOCUMENTS,
    Scan,
    SecondFact,
    Verified,
    VerifyEdge,
    VerifyWish,
    hot_endpoints,
    load_uses,
)

ROUTERS = (_phones_router, _late_router, _reported_router, _uses_router, _offline_router, api.router)

__all__ = [
    "CITY_SIGNATURE",
    "HOT_DOCUMENTS",
    "PURPOSES",
    "REACTIONS",
    "ROUTERS",
    "Application",
    "Applied",
    "Card",
    "CardIdStrategy",
    "CardKind",
    "CardNotFound",
    "CardStatus",
    "CodeShown",
    "Front",
    "LateItem",
    "Mode",
    "PhoneCertificate",
    "PrintedCode",
    "Scan",
    "SecondFact",
    "Verified",
    "VerifyEdge",
    "VerifyWish",
    "Why",
    "add_alias",
    "aliases_of",
    "apply",
    "cancel",
    "card_of",
    "census",
    "certify_phone",
    "check_use_batches",
    "code_of",
    "convert",
    "counter",
    "desk",
    "events",
    "find_by_number",
    "freeze",
    "front_of",
    "fronts_of",
    "history_of",
    "holder_of_number",
    "hot_endpoints",
    "keep_late_uses",
    "late",
    "load_cards",
    "load_uses",
    "my_card",
    "my_uses",
    "offline",
    "phones",
    "prepare",
    "prepare_many",
    "print_code",
    "read_number",
    "reported",
    "statuses_of",
    "stock",
    "take_back",
    "unfreeze",
    "uses",
    "what_follows",
]
