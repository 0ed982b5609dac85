"""Audit: who did what to whom, append-only, sealed in a chain whose head is signed and kept outside the database."""

from healthcloud.audit.actions import record, record_each, record_many, refuse
from healthcloud.audit.api import router
from healthcloud.audit.chain import Finding, Verdict, verify_chain
from healthcloud.audit.model import Deed, DeedKind, Detail, Entry, declare, declared_deeds, words_for
from healthcloud.audit.reads import NEWEST, DeedsWanted, deeds_about, sealing_lag, search_deeds
from healthcloud.audit.sealer import PURPOSE, HeadFile, Sealer
from healthcloud.core.crypto import Purpose, Use

PURPOSES = (Purpose(PURPOSE, Use.SIGN),)

__all__ = [
    "NEWEST",
    "PURPOSES",
    "Deed",
    "DeedKind",
    "DeedsWanted",
    "Detail",
    "Entry",
    "Finding",
    "HeadFile",
    "Sealer",
    "Verdict",
    "declare",
    "declared_deeds",
    "deeds_about",
    "record",
    "record_each",
    "record_many",
    "refuse",
    "router",
    "sealing_lag",
    "search_deeds",
    "verify_chain",
    "words_for",
]
