"""Which passwords are good enough (GB/T 22239-2019 8.1.4.1 a); pure."""

import re
import unicodedata
from itertools import pairwise

from healthcloud.access.passwords.deny_list import WHOLE, WORDS
from healthcloud.core.errors import FieldFault

SHORTEST_OF_ANY = 12
SHORTEST_OF_THREE = 8
CLASSES_OF_THREE = 3
LONGEST = 128
PAST_KEPT = 5
_FEWEST_DIFFERENT = 5

_DRESSING = re.compile(r"^[^a-z]+|[^a-z]+$")


def normal_password(typed: str) -> str:
    """Return a password in the form it is hashed in: NFC, so that two keyboards type the same one."""
    return unicodedata.normalize("NFC", typed)


def password_faults(password: str, login: str, pointer: str = "#/new_password") -> tuple[FieldFault, ...]:
    """Return why a password is not good enough, in words; none when it is."""
    told = [
        (
            not _long_enough(password),
            "needs 12 characters, or 8 of three kinds: capital and small letters, digits, signs",
            "至少 12 个字符；或至少 8 个字符且含大写字母、小写字母、数字、符号中的三类",
        ),
        (len(password) > LONGEST, "has at most 128 characters", "最多 128 个字符"),
        (not password.isprintable(), "holds a character that cannot be typed", "含有无法输入的字符"),
        (_is_guessable(password.lower()), "is among the first that are guessed", "过于常见，容易被猜中"),
        (login.lower() in password.lower(), "holds the login name", "不得包含登录名"),
    ]
    return tuple(FieldFault(pointer, en, zh) for is_so, en, zh in told if is_so)


def _long_enough(password: str) -> bool:
    if len(password) >= SHORTEST_OF_ANY:
        return True
    kinds = (
        any(c.isupper() for c in password),
        any(c.isalpha() and not c.isupper() for c in password),
        any(c.isdigit() for c in password),
        any(not c.isalnum() for c in password),
    )
    return len(password) >= SHORTEST_OF_THREE and sum(kinds) >= CLASSES_OF_THREE


def _is_guessable(lowered: str) -> bool:
    if len(set(lowered)) < _FEWEST_DIFFERENT or lowered in WHOLE or _is_run(lowered):
        return True
    core = _DRESSING.sub("", lowered)
    half = core[: len(core) // 2]
    return core in WORDS or (core == half * 2 and half in WORDS) or (not core and _is_date_like(lowered))


def _is_run(text: str) -> bool:
    """Tell of 123456789, abcdefgh, 987654321: each character one step from the last."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})


def _is_date_like(text: str) -> bool:
    """Without a letter in it, most of what people type is a date, a phone or an identity number."""
    return text.isdigit()
