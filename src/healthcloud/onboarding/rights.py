"""Who may look at an institution's way in, and who may act for it."""

from uuid import UUID

from healthcloud import institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.errors import Forbidden
from healthcloud.onboarding.model import MANAGE, READ


def may_look(caller: Caller) -> None:
    """Raise Forbidden unless the caller reads figures or manages institutions."""
    if caller.kind is not CallerKind.SYSTEM and caller.scopes.isdisjoint(READ):
        raise Forbidden(scope=READ[0])


def must_be_theirs(caller: Caller, institution_id: UUID) -> None:
    """Raise InstitutionUnknown where the caller belongs to another institution: a miss and a refusal look alike."""
    if caller.institution_id not in (None, institution_id):
        raise institutions.InstitutionUnknown


def may_act(caller: Caller, institution_id: UUID) -> None:
    """Raise Forbidden unless the caller manages institutions, and InstitutionUnknown where they belong to another."""
    caller.must(MANAGE)
    must_be_theirs(caller, institution_id)
