"""Access: accounts, sign-in, sessions, roles of three separated administrators, institutions' machines and keys."""

from healthcloud.access import clients, residents, roles, rotation, sessions, staff
from healthcloud.access.api import WRONG_PROOFS, router
from healthcloud.access.authenticator import AccessAuthenticator, ScanAuthenticator
from healthcloud.access.browser import Browser
from healthcloud.access.clients import (
    Algorithm,
    AppKey,
    NewKey,
    add_client_key,
    change_client_addresses,
    create_client,
    revoke_client,
    revoke_client_key,
    sign_request,
)
from healthcloud.access.deeds import DEEDS
from healthcloud.access.jobs import RECURRING
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.ports import PersonOfAccount, TerminalOfToken
from healthcloud.access.purposes import PURPOSES
from healthcloud.access.residents import own_phone
from healthcloud.access.roles import ADMINISTRATORS, ROLES, Role, grant_role, withdraw_role
from healthcloud.access.staff import (
    Invitation,
    create_first_administrators,
    invite,
    invite_again,
    leave,
)

__all__ = [
    "ADMINISTRATORS",
    "DEEDS",
    "PURPOSES",
    "RECURRING",
    "ROLES",
    "WRONG_PROOFS",
    "AccessAuthenticator",
    "AccessPolicy",
    "Algorithm",
    "AppKey",
    "Browser",
    "Invitation",
    "NewKey",
    "PersonOfAccount",
    "Role",
    "ScanAuthenticator",
    "TerminalOfToken",
    "add_client_key",
    "change_client_addresses",
    "clients",
    "create_client",
    "create_first_administrators",
    "grant_role",
    "invite",
    "invite_again",
    "leave",
    "own_phone",
    "residents",
    "revoke_client",
    "revoke_client_key",
    "roles",
    "rotation",
    "router",
    "sessions",
    "sign_request",
    "staff",
    "withdraw_role",
]
