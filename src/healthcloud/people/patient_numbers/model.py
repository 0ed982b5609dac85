"""A patient number is an institution's own text; only its spelling is ours to check."""

import unicodedata

from healthcloud.people.model import Broken

LONGEST = 64


def normalise_local_number(text: str) -> str:
    """Return a patient number without outer spaces, NFC, 1–64 printable characters; raise Broken."""
    number = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(number) <= LONGEST:
        raise Broken(f"must have 1–{LONGEST} characters", f"应为 1–{LONGEST} 个字符")
    if not all(character.isprintable() and not character.isspace() for character in number):
        raise Broken("must not hold spaces or signs that cannot be printed", "不得含有空格或不可打印字符")
    return number
