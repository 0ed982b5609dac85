"""Invitations: one-time tokens with which staff set password and second factor themselves."""

from healthcloud.access.staff.invitations.actions import begin_enrolment, finish_enrolment, make_invitation
from healthcloud.access.staff.invitations.store import drop_invitations, forget_invitations

__all__ = ["begin_enrolment", "drop_invitations", "finish_enrolment", "forget_invitations", "make_invitation"]
