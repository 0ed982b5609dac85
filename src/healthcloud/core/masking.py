"""
What may never reach a log: numbers of persons, card ids, codes, signatures, cookies, names.

A net beneath the rule that nobody logs personal data. Names cannot be told from words, so Chinese text goes as a
whole: this software's own log lines are English and ids.
"""

import re
import unicodedata
from typing import Any

MASK = "[masked]"
_SECRET_KEYS = frozenset(
    (
        *("authorization", "cookie", "cookies", "headers", "key_text", "password", "secret", "set-cookie", "signature"),
        *("body", "card", "card_id", "code", "codes", "otp", "plain", "query", "token", "totp"),
        *("address", "document", "face", "id_number", "name", "number", "person_name", "phone", "text"),
    )
)
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
_MONTH_DAY = r"(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_ASSIGNED = (
    r"(?i:(?:signature|nonce|key|authorization|cookie|password|token|secret)[\"']?\s*[=:]\s*)"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s,;\"']+)"
)
_PERSONAL = re.compile(
    "|".join(
        (
            # GB 11643 numbers of 18 and 15 characters, also in groups, also within a longer text
            rf"(?<!\d)[1-9]\d{{5}}[ -]?(?:1[89]|20)\d\d[ -]?{_MONTH_DAY}[ -]?\d{{3}}[\dXx](?!\d)",
            rf"(?<!\d)[1-9]\d{{5}}[ -]?\d\d[ -]?{_MONTH_DAY}[ -]?\d{{3}}(?!\d)",
            r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",  # mobile numbers
            r"EHC1:[0-9A-Z $%*+\-./:]+",  # device-signed codes
            r"[0-9A-Fa-f]{40,}",  # card ids, digests, keys
            r"(?<![0-9A-Fa-f])[0-9A-F]{32}(?![0-9A-Fa-f])",  # code tokens: upper-case, as request ids are not
            r"(?=[a-z_-]*[A-Z0-9+=])[A-Za-z0-9+_=-]{43,}",  # 32 bytes or more of base64: signatures, session tokens
            _ASSIGNED,
            r"hc_\w+=[^\s;,]+",  # our cookies
            r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff·]{2,}",  # Chinese text, rare characters included
        )
    )
)
_LONG_NUMBER = 10**10
_LONGEST = 8000  # characters of one value


def masked_text(text: str) -> str:
    """Return the text with everything that looks like a person's number, a code or a secret masked."""
    if _UUID.fullmatch(text):
        return text
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    # Full-width digits are digits to whoever reads the log.
    return _PERSONAL.sub(MASK, text if text.isascii() else unicodedata.normalize("NFKC", text))


def masked(value: Any, key: str = "") -> Any:
    """Return a value for a log, masked at any depth; `key` is the name it stands under."""
    if value is None or isinstance(value, bool | float):
        return value
    if key.lower() in _SECRET_KEYS or isinstance(value, bytes | bytearray | memoryview):
        return MASK
    if isinstance(value, int):
        return MASK if abs(value) >= _LONG_NUMBER and masked_text(str(abs(value))) == MASK else value
    if isinstance(value, dict):
        return {masked_text(str(name)): masked(one, str(name)) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(one) for one in value]
    return masked_text(str(value))
