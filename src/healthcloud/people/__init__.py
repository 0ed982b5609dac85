"""People: one person is one person, however many documents, channels, hospital numbers and desks; seen only by deed."""

from healthcloud.people.documents.form import DocumentForm
from healthcloud.people.errors import IdentityConflict, PersonNotFound
from healthcloud.people.events import (
    AccountDetached,
    DeathUndone,
    GrantEnded,
    PersonDied,
    PersonsMerged,
    PersonsUnmerged,
    PersonWithdrawn,
)
from healthcloud.people.faces.model import Face, MaskedFace, Seen, masked
from healthcloud.people.faces.reads import canonical_of, faces, faces_at
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.grants.reads import may_act_for
from healthcloud.people.model import PURPOSES, Level, PersonState, Policy
from healthcloud.people.registration.actions import register, register_many
from healthcloud.people.registration.form import BirthForm, RegistrationForm, read_registration
from healthcloud.people.registration.model import Registered, Registration, Verification, Wish
from healthcloud.people.verified import verified_since

__all__ = [
    "PURPOSES",
    "AccountDetached",
    "BirthForm",
    "DeathUndone",
    "DocumentForm",
    "Face",
    "GrantEnded",
    "GrantScope",
    "IdentityConflict",
    "Level",
    "MaskedFace",
    "PersonDied",
    "PersonNotFound",
    "PersonState",
    "PersonWithdrawn",
    "PersonsMerged",
    "PersonsUnmerged",
    "Policy",
    "Registered",
    "Registration",
    "RegistrationForm",
    "Seen",
    "Verification",
    "Wish",
    "canonical_of",
    "faces",
    "faces_at",
    "masked",
    "may_act_for",
    "read_registration",
    "register",
    "register_many",
    "verified_since",
]
