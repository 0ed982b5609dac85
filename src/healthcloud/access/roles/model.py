"""Roles and what they may do; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A set of scopes that is given to a member of staff."""

    SYSTEM_ADMINISTRATOR = "system-administrator"
    SECURITY_ADMINISTRATOR = "security-administrator"
    AUDIT_ADMINISTRATOR = "audit-administrator"
    INSTITUTION_ADMINISTRATOR = "institution-administrator"
    CLERK = "clerk"
    DOCTOR = "doctor"
    CITY_OPERATOR = "city-operator"
    INDEX_CLERK = "index-clerk"


# 三员分立: nobody holds two of these (GB/T 22239-2019 8.1.4.2 d); also a unique index.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})

# Held only by staff of an institution, and reaching no further than it.
OF_INSTITUTION = frozenset({Role.INSTITUTION_ADMINISTRATOR, Role.CLERK, Role.DOCTOR})

ROLES: Mapping[Role, frozenset[str]] = {
    # Runs the city's installation; opens nobody's data and gives nobody rights.
    Role.SYSTEM_ADMINISTRATOR: frozenset({"institutions.manage", "codes.import", "jobs.manage", "index.manage"}),
    # Gives and takes rights and keys; runs nothing and opens nobody's data.
    Role.SECURITY_ADMINISTRATOR: frozenset({"access.manage-staff", "access.grant-roles", "access.manage-clients"}),
    # Reads what everybody did, the two others included; changes nothing.
    Role.AUDIT_ADMINISTRATOR: frozenset({"audit.read"}),
    Role.INSTITUTION_ADMINISTRATOR: frozenset(
        {"institutions.manage", "access.manage-staff", "figures.read", "index.import"}
    ),
    Role.CLERK: frozenset({"cards.verify", "cards.issue", "people.register", "people.open", "index.submit"}),
    Role.DOCTOR: frozenset({"cards.verify", "cards.identity", "people.open"}),
    Role.CITY_OPERATOR: frozenset(
        {
            "cards.issue",
            "cards.manage",
            "people.register",
            "people.open",
            "people.correct",
            "figures.read",
            "index.import",
            "exchange.evidence",
        }
    ),
    # Tells who is one person where the machine does not; of two persons with cards, two of them together.
    Role.INDEX_CLERK: frozenset({"index.review", "people.open"}),
}

# What an institution's machine may be given.
CLIENT_SCOPES = frozenset(
    {
        "cards.verify",
        "cards.identity",
        "cards.issue",
        "cards.cancel",
        "people.register",
        "people.open",
        "people.correct",
        "index.submit",
        "index.import",
        "exchange.deliver",
        "exchange.hl7",
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody holds; it counts only while its MAC fits and the institution is still the account's."""

    account_id: UUID
    role: str
    institution_id: UUID | None
    granted_by: UUID
    granted_at: datetime
    expires_at: datetime | None
    mac: bytes


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a role is given to, as far as the rules about roles care."""

    id: UUID
    state: str
    institution_id: UUID | None


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """Return the scopes of some roles together; an unknown role gives none."""
    known = [ROLES[Role(role)] for role in roles if role in set(Role)]
    return frozenset().union(*known)


def rights_text(grant: Grant) -> str:
    """Write everything a grant says, in one way only: what its MAC covers."""
    expires = "" if grant.expires_at is None else _instant(grant.expires_at)
    institution = "" if grant.institution_id is None else grant.institution_id.hex
    parts = (grant.account_id.hex, grant.role, institution, grant.granted_by.hex, _instant(grant.granted_at), expires)
    return "grant\n" + "\n".join(parts)


def _instant(instant: datetime) -> str:
    return str(round(instant.timestamp() * 1_000_000))
