"""Care grants: a parent for a child, a child for an elder, a carer until a date; asked, accepted, withdrawn."""

from healthcloud.people.grants.actions import accept_grant, ask_grant, grant_at_counter, refuse_grant, withdraw_grant
from healthcloud.people.grants.model import Grant, GrantScope, GrantState, GrantWish, Relation, Terms, read_terms
from healthcloud.people.grants.reads import grants_of, kept_by, may_act_for

__all__ = [
    "Grant",
    "GrantScope",
    "GrantState",
    "GrantWish",
    "Relation",
    "Terms",
    "accept_grant",
    "ask_grant",
    "grant_at_counter",
    "grants_of",
    "kept_by",
    "may_act_for",
    "read_terms",
    "refuse_grant",
    "withdraw_grant",
]
