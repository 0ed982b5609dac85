"""Audit: who did what to whom, append-only, sealed in a chain whose head is signed and kept outside the database."""

from healthcloud.audit.actions import record, record_each, record_many, refuse
from healthcloud.audit.api import router
from healthcloud.audit.chain import Finding, Verdict, verify_chain
from healthcloud.audit.following import Sealed, last_sealed, sealed_after
from healthcloud.audit.model import Deed, DeedKind, Detail, Entry, declare, declared_deeds, words_for
from healthcloud.audit.reads import (
    EVERY_DEED,
    NEWEST,
    DeedsOf,
    DeedsWanted,
    count_about,
    deeds_about,
    newest_block,
    sealing_lag,
    search_deeds,
)
from healthcloud.audit.sealer import PURPOSE, HeadFile, Sealer
from healthcloud.audit.verifications import (
    Verification,
    ask_verification,
    last_sound,
    last_verification,
    verifying,
)
from healthcloud.core.crypto import Purpose, Use

PURPOSES = (Purpose(PURPOSE, Use.SIGN),)

__all__ = [
    "EVERY_DEED",
    "NEWEST",
    "PURPOSES",
    "Deed",
    "DeedKind",
    "DeedsOf",
    "DeedsWanted",
    "Detail",
    "Entry",
    "Finding",
    "HeadFile",
    "Sealed",
    "Sealer",
    "Verdict",
    "Verification",
    "ask_verification",
    "count_about",
    "declare",
    "declared_deeds",
    "deeds_about",
    "last_sealed",
    "last_sound",
    "last_verification",
    "newest_block",
    "record",
    "record_each",
    "record_many",
    "refuse",
    "router",
    "sealed_after",
    "sealing_lag",
    "search_deeds",
    "verify_chain",
    "verifying",
    "words_for",
]
