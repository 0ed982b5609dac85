"""Roles: which scopes each gives, who may give them to whom, and grants whose rows cannot be altered unnoticed."""

from healthcloud.access.roles.actions import drop_roles, grant_role, withdraw_role
from healthcloud.access.roles.errors import (
    AdministratorsSeparate,
    NoSuchAccount,
    NotGranted,
    NotToOneself,
    RoleOfInstitution,
)
from healthcloud.access.roles.model import (
    ADMINISTRATORS,
    CLIENT_SCOPES,
    OF_INSTITUTION,
    ROLES,
    Grant,
    Role,
    rights_text,
    scopes_of,
)
from healthcloud.access.roles.reads import grants_of
from healthcloud.access.roles.rights import is_genuine, report_tampered

__all__ = [
    "ADMINISTRATORS",
    "CLIENT_SCOPES",
    "OF_INSTITUTION",
    "ROLES",
    "AdministratorsSeparate",
    "Grant",
    "NoSuchAccount",
    "NotGranted",
    "NotToOneself",
    "Role",
    "RoleOfInstitution",
    "drop_roles",
    "grant_role",
    "grants_of",
    "is_genuine",
    "report_tampered",
    "rights_text",
    "scopes_of",
    "withdraw_role",
]
