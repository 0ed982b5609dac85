"""People: one person is one person, however many documents, channels, hospital numbers and desks; seen only by deed."""

from healthcloud.people import (
    accounts,
    consents,
    contacts,
    corrections,
    grants,
    id_records,
    loading,
    looks,
    patient_numbers,
    photos,
    proposals,
    registry,
    requests,
    rotation,
)
from healthcloud.people.census import persons_by_level
from healthcloud.people.consequences import what_follows
from healthcloud.people.contacts.model import normalise_phone
from healthcloud.people.corrections.actions import correct
from healthcloud.people.corrections.following import follow_sources
from healthcloud.people.corrections.model import CorrectionForm
from healthcloud.people.documents.form import DocumentForm, read_document_form
from healthcloud.people.documents.model import Document, DocumentKind, disagreement, normalise_number, read_document
from healthcloud.people.errors import IdentityConflict, NothingToCorrect, PersonNotFound
from healthcloud.people.finding import Found, find_by_document, subject_of_document
from healthcloud.people.grants.reads import may_act_for
from healthcloud.people.held_documents.actions import add_document
from healthcloud.people.id_records.ethnic_groups import code_of_group
from healthcloud.people.jobs import RECURRING, job_kinds
from healthcloud.people.lives.actions import record_death, undo_death, withdraw_person
from healthcloud.people.merging.actions import merge_persons, unmerge_persons
from healthcloud.people.model import PURPOSES, Broken, Level, PersonState, Policy, Sex
from healthcloud.people.names.model import COMPOUND_SURNAMES, MIDDLE_DOT, is_provisional, normalise_name, same_name
from healthcloud.people.numbers.model import check_character
from healthcloud.people.opening import open_person, reveal_own
from healthcloud.people.reading import read_evidence
from healthcloud.people.registration.actions import register, register_many
from healthcloud.people.registration.form import BirthForm, RegistrationForm, read_registration
from healthcloud.people.registration.model import Ask, Registered, Registration, Verification, Wish
from healthcloud.people.routers import ROUTERS
from healthcloud.people.seen.model import Face, MaskedFace, Seen, masked
from healthcloud.people.seen.reads import Resolved, canonical_of, faces, faces_at, group_of, resolved
from healthcloud.people.verified import verified_since

__all__ = [
    "COMPOUND_SURNAMES",
    "MIDDLE_DOT",
    "PURPOSES",
    "RECURRING",
    "ROUTERS",
    "Ask",
    "BirthForm",
    "Broken",
    "CorrectionForm",
    "Document",
    "DocumentForm",
    "DocumentKind",
    "Face",
    "Found",
    "IdentityConflict",
    "Level",
    "MaskedFace",
    "NothingToCorrect",
    "PersonNotFound",
    "PersonState",
    "Policy",
    "Registered",
    "Registration",
    "RegistrationForm",
    "Resolved",
    "Seen",
    "Sex",
    "Verification",
    "Wish",
    "accounts",
    "add_document",
    "canonical_of",
    "check_character",
    "code_of_group",
    "consents",
    "contacts",
    "correct",
    "corrections",
    "disagreement",
    "events",
    "faces",
    "faces_at",
    "find_by_document",
    "follow_sources",
    "grants",
    "group_of",
    "id_records",
    "is_provisional",
    "job_kinds",
    "loading",
    "looks",
    "masked",
    "may_act_for",
    "merge_persons",
    "normalise_name",
    "normalise_number",
    "normalise_phone",
    "open_person",
    "patient_numbers",
    "persons_by_level",
    "photos",
    "proposals",
    "read_document",
    "read_document_form",
    "read_evidence",
    "read_registration",
    "record_death",
    "register",
    "register_many",
    "registry",
    "requests",
    "resolved",
    "reveal_own",
    "rotation",
    "same_name",
    "subject_of_document",
    "undo_death",
    "unmerge_persons",
    "verified_since",
    "what_follows",
    "withdraw_person",
]
