"""People: one person is one person, however many documents, channels, hospital numbers and desks; seen only by deed."""

from healthcloud.people.errors import IdentityConflict, PersonNotFound
from healthcloud.people.faces.model import Face, MaskedFace, Seen, masked
from healthcloud.people.faces.reads import canonical_of, faces, faces_at
from healthcloud.people.model import PURPOSES, Level, PersonState, Policy
from healthcloud.people.registration.actions import register, register_many
from healthcloud.people.registration.form import BirthForm, DocumentForm, RegistrationForm, read_registration
from healthcloud.people.registration.model import Registered, Registration, Verification, Wish

__all__ = [
    "PURPOSES",
    "BirthForm",
    "DocumentForm",
    "Face",
    "IdentityConflict",
    "Level",
    "MaskedFace",
    "PersonNotFound",
    "PersonState",
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
    "read_registration",
    "register",
    "register_many",
]
