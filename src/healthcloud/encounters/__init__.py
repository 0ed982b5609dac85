"""Encounters: visits that hospitals tell of (就诊登记), with number, class, department and period, once each."""

from healthcloud.encounters import deeds, errors
from healthcloud.encounters.actions import record
from healthcloud.encounters.api import router
from healthcloud.encounters.errors import EncounterNotFound, EncounterUnreadable
from healthcloud.encounters.model import (
    MOST_AT_ONCE,
    PURPOSES,
    Encounter,
    EncounterIn,
    EncounterKind,
    EncounterStatus,
    Named,
    Outcome,
    Recorded,
    faults_of,
)
from healthcloud.encounters.reads import (
    find,
    list_encounters,
    my_encounters,
    open_encounters,
    versions_of,
    what_follows,
)
from healthcloud.encounters.rotation import KINDS, keep_seals

JOBS = KINDS

__all__ = [
    "JOBS",
    "MOST_AT_ONCE",
    "PURPOSES",
    "Encounter",
    "EncounterIn",
    "EncounterKind",
    "EncounterNotFound",
    "EncounterStatus",
    "EncounterUnreadable",
    "Named",
    "Outcome",
    "Recorded",
    "deeds",
    "errors",
    "faults_of",
    "find",
    "keep_seals",
    "list_encounters",
    "my_encounters",
    "open_encounters",
    "record",
    "router",
    "versions_of",
    "what_follows",
]
