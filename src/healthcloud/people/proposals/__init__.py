"""Proposed corrections: a resident's request decided by two operators: one saw the evidence, one confirms."""

from healthcloud.people.proposals.actions import confirm_correction, decline_correction, look_at, propose_correction
from healthcloud.people.proposals.errors import OwnProposal, ProposalNotFound
from healthcloud.people.proposals.model import Proposal, needs_second
from healthcloud.people.proposals.reads import proposed_for

__all__ = [
    "OwnProposal",
    "Proposal",
    "ProposalNotFound",
    "confirm_correction",
    "decline_correction",
    "look_at",
    "needs_second",
    "propose_correction",
    "proposed_for",
]
