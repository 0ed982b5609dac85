"""Staff: from invitation to leaving; password and second factor at every sign-in."""

from healthcloud.access.staff.errors import (
    CodeWrong,
    EnrolmentNotBegun,
    InvitationOver,
    LoginTaken,
    LoginUnfit,
    PasswordExpired,
    PasswordUnfit,
    PasswordUsedBefore,
    PinUnfit,
    SignInCodeUsed,
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
    sign_out_everywhere,
    suspend,
    unlock,
)
from healthcloud.access.staff.model import Enrolment, Invitation, InvitationKind, StaffLine
from healthcloud.access.staff.proving import ShownCode, check_code, spend_code
from healthcloud.access.staff.reads import logins_of, roles_of, sessions_of, staff_member, staff_of
from healthcloud.access.staff.sign_in import change_password, sign_in
from healthcloud.access.staff.unlocking import set_pin, unlock_session

__all__ = [
    "CodeWrong",
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
    "ShownCode",
    "SignInCodeUsed",
    "SignInLocked",
    "SignInRefused",
    "StaffLine",
    "WrongState",
    "begin_enrolment",
    "change_password",
    "check_code",
    "create_first_administrators",
    "finish_enrolment",
    "forget_invitations",
    "invite",
    "invite_again",
    "leave",
    "logins_of",
    "reinstate",
    "reset",
    "roles_of",
    "sessions_of",
    "set_pin",
    "sign_in",
    "sign_out_everywhere",
    "spend_code",
    "staff_member",
    "staff_of",
    "suspend",
    "unlock",
    "unlock_session",
]
