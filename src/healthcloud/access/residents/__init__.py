"""Residents: they sign in with a code sent to their phone; the first time opens the account."""

from healthcloud.access.residents.actions import (
    CodeSent,
    change_phone,
    count_guess,
    is_right_code,
    request_code,
    sign_in,
)
from healthcloud.access.residents.errors import CodeRefused, CodesLocked, CodesTooOften, PhoneTaken
from healthcloud.access.residents.model import CodePurpose
from healthcloud.access.residents.reads import masked_phone, own_phone
from healthcloud.access.residents.store import forget_codes

__all__ = [
    "CodePurpose",
    "CodeRefused",
    "CodeSent",
    "CodesLocked",
    "CodesTooOften",
    "PhoneTaken",
    "change_phone",
    "count_guess",
    "forget_codes",
    "is_right_code",
    "masked_phone",
    "own_phone",
    "request_code",
    "sign_in",
]
