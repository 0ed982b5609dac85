"""The names of codes as people read them, and what a form offers."""

from collections.abc import Sequence

from healthcloud import institutions
from healthcloud.core.db import Read
from healthcloud.web.wording import ENGLISH, Words

DISTRICT_DIGITS = 6
Options = list[tuple[str, str]]


async def options_of(read: Read, words: Words, set_name: str) -> Options:
    """Return the codes of a set with their names in this language; none where the set is not loaded."""
    codes = await institutions.codes.every_code(read, set_name)
    return [(one.code, _label(one, words)) for one in codes]


async def districts_of(read: Read, words: Words) -> Options:
    """Return the districts of the city."""
    return [(code, name) for code, name in await options_of(read, words, "division") if len(code) == DISTRICT_DIGITS]


async def streets_of(read: Read, words: Words) -> Options:
    """Return the streets and towns of the city."""
    return [(code, name) for code, name in await options_of(read, words, "division") if len(code) > DISTRICT_DIGITS]


async def scenes_of(read: Read, words: Words) -> Options:
    """Return the scenes a terminal may mostly do."""
    return await options_of(read, words, "med-step")


def named(options: Sequence[tuple[str, str]], code: str | None) -> str:
    """Return the name of a code; the code itself where nobody named it, nothing for none."""
    return "" if code is None else next((name for one, name in options if one == code), code)


def _label(code: institutions.codes.Code, words: Words) -> str:
    return (code.label_en or code.label) if words.language == ENGLISH else code.label
