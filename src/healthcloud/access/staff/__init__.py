"""Staff: from invitation to leaving; password and second factor at every sign-in."""

from healthcloud.access.staff.errors import (
    EnrolmentNotBegun,
    InvitationOver,
    LoginTaken,
    LoginUnfit,
    PasswordExpired,
    PasswordUnfit,
    PasswordUsedBefore,
    PinUnfit,
    SignInLocked,
    SignInRefused,
    WrongState,
)
from healthcloud.access.staff.invitations import begin_enrolment, finish_enrolment, forget_invitations
from healthcloud.access.staff.lifecycle import (
    create_first_administrators,
    invite,
    invite_again,
    leave,
    reinstate,
    reset,
    suspend,
    unlock,
)
from healthcloud.access.staff.model import Enrolment, Invitation, InvitationKind, StaffLine
from healthcloud.access.staff.reads import roles_of, staff_of
from healthcloud.access.staff.sign_in import change_password, sign_in
from healthcloud.access.staff.unlocking import set_pin, unlock_session

__all__ = [
    "Enrolment",
    "EnrolmentNotBegun",
    "Invitation",
    "InvitationKind",
    "InvitationOver",
    "LoginTaken",
    "LoginUnfit",
    "PasswordExpired",
    "PasswordUnfit",
    "PasswordUsedBefore",
    "PinUnfit",
    "SignInLocked",
    "SignInRefused",
    "StaffLine",
    "WrongState",
    "begin_enrolment",
    "change_password",
    "create_first_administrators",
    "finish_enrolment",
    "forget_invitations",
    "invite",
    "invite_again",
    "leave",
    "reinstate",
    "reset",
    "roles_of",
    "set_pin",
    "sign_in",
    "staff_of",
    "suspend",
    "unlock",
    "unlock_session",
]
