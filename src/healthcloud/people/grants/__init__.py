"""Care grants: a parent for a child, a child for an elder, a carer until a date; asked, accepted, withdrawn."""

from healthcloud.people.grants.actions import (
    accept_grant,
    ask_grant,
    grant_at_counter,
    keep_newborn,
    refuse_grant,
    withdraw_grant,
)
from healthcloud.people.grants.agreeing import agree_by_code, send_agreement_code
from healthcloud.people.grants.model import (
    Grant,
    GrantScope,
    GrantState,
    GrantWish,
    Member,
    Relation,
    Terms,
    read_terms,
)
from healthcloud.people.grants.reads import grants_of, kept_by, may_act_for, members, members_of_many, newborns_to_keep

__all__ = [
    "Grant",
    "GrantScope",
    "GrantState",
    "GrantWish",
    "Member",
    "Relation",
    "Terms",
    "accept_grant",
    "agree_by_code",
    "ask_grant",
    "grant_at_counter",
    "grants_of",
    "keep_newborn",
    "kept_by",
    "may_act_for",
    "members",
    "members_of_many",
    "newborns_to_keep",
    "read_terms",
    "refuse_grant",
    "send_agreement_code",
    "withdraw_grant",
]
