"""The first three administrators of a new city: invited once, under names that nobody can guess."""

import secrets

from healthcloud import access
from healthcloud.server.composition import City

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_SHORT = {
    access.Role.SYSTEM_ADMINISTRATOR: "system",
    access.Role.SECURITY_ADMINISTRATOR: "security",
    access.Role.AUDIT_ADMINISTRATOR: "audit",
}


async def invite_first_administrators(city: City) -> list[access.Invitation]:
    """Invite them, or return nothing where the city has had its first administrators."""
    logins = {role: f"{short}-{_random_part()}" for role, short in _SHORT.items()}
    return await city.database.transact(
        lambda tx: access.create_first_administrators(tx, city.policy, logins),
    )


def invitation_link(city: City, invitation: access.Invitation) -> str:
    """Return the address at which who is invited sets password and second factor; the token is never sent in it."""
    return f"{city.settings.public_url}/staff/enrol#{invitation.token}"


def _random_part() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))
