"""
Where two strings to be signed differ, and what that most likely is; pure.

Tried in this order: the same but for a line end, the secret, blanks, letter case, an encoding, the unit of the time, a
body written anew, the order of keys, a key too few or too many; what is left is told by its place alone.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, unquote_plus

from healthcloud.core.crypto import sm3
from healthcloud.sandbox.advice import ADVICE

Kind = Literal[
    "same",
    "line-end",
    "secret",
    "blank",
    "case",
    "encoding",
    "timestamp-unit",
    "body-rewritten",
    "order",
    "missing-key",
    "extra-key",
    "value",
    "different",
]
LINES = ("method", "target", "timestamp", "nonce", "body digest")
_AROUND = 16
_BLANK = re.compile(r"[\s\u00a0\u3000\ufeff\u200b]+")
_SECRET_NAMES = ("app_secret", "key", "secret", "appSecret")


@dataclass(frozen=True, slots=True)
class Difference:
    """
    What is different: the first character that is (from 0), the part it stands in, and what each has there.

    `en` and `zh` say what to do.
    """

    kind: Kind
    at: int
    part: str
    ours: str
    theirs: str
    en: str
    zh: str


def compare(ours: str, theirs: str, *, form: str, secret: str = "", body: bytes = b"") -> Difference:
    """Compare a caller's string with ours; `form` is lines, pairs or blob; `body` is what was sent."""
    if ours == theirs:
        return Difference("same", -1, "", "", "", *ADVICE["same"])
    at = first_difference(ours, theirs)
    part = part_at(ours, at, form)
    kind, name = _kind(ours, theirs, form, secret, body)
    en, zh = ADVICE[kind]
    named = name or part
    return Difference(
        kind, at, named, _around(ours, at), _around(theirs, at), en.format(part=named), zh.format(part=named)
    )


def first_difference(one: str, other: str) -> int:
    """Return the place of the first character that differs; the shorter's length where one begins the other."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def part_at(text: str, at: int, form: str) -> str:
    """Name the part of a string to be signed in which this character stands."""
    if form == "lines":
        return LINES[min(text.count("\n", 0, at), len(LINES) - 1)]
    if form == "pairs":
        begin = text.rfind("&", 0, at + 1 if at < len(text) and text[at] != "&" else at) + 1
        name, equals, _ = text[begin:].partition("=")
        return name if equals else "secret"
    return "text"


def _kind(ours: str, theirs: str, form: str, secret: str, body: bytes) -> tuple[Kind, str]:
    """Return what it most likely is, and the key it is about where that is another than the first that differs."""
    if ours.rstrip("\r\n") == theirs.rstrip("\r\n") or ours == theirs.replace("\r\n", "\n"):
        return "line-end", ""
    if _is_secret(ours, theirs, secret):
        return "secret", "secret"
    if _BLANK.sub("", ours) == _BLANK.sub("", theirs):
        return "blank", ""
    if ours.casefold() == theirs.casefold():
        return "case", ""
    if _is_encoding(ours, theirs):
        return "encoding", ""
    return _of_lines(ours, theirs, body) if form == "lines" else _of_pairs(ours, theirs, secret)


def _is_secret(ours: str, theirs: str, secret: str) -> bool:
    """Whether both are the same but for how the secret stands at the end: without it, alone, or as a pair."""
    if not secret:
        return False
    ends = [secret, f"&{secret}", *(f"&{name}={secret}" for name in _SECRET_NAMES)]

    def bare(text: str) -> str:
        longest = max((end for end in ends if text.endswith(end)), key=len, default="")
        return text[: len(text) - len(longest)]

    return bare(ours) == bare(theirs)


def _is_encoding(ours: str, theirs: str) -> bool:
    """Whether they are the same once percent signs are read, or bytes read as the wrong character set are."""
    if ours in (unquote(theirs), unquote_plus(theirs), quote(theirs)) or theirs in (unquote(ours), unquote_plus(ours)):
        return True
    if _unescaped(ours) == _unescaped(theirs):
        return True
    for wrong in ("latin-1", "gb18030", "cp1252"):
        try:
            if theirs.encode(wrong).decode() == ours or ours.encode().decode(wrong) == theirs:
                return True
        except UnicodeError:
            continue
    return False


def _unescaped(text: str) -> str:
    r"""Read JSON's \\uXXXX as what they stand for."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text).replace("\\/", "/")


def _of_lines(ours: str, theirs: str, body: bytes) -> tuple[Kind, str]:
    one, other = ours.splitlines(), theirs.splitlines()
    if sorted(one) == sorted(other):
        return "order", ""
    if len(one) != len(other):
        return ("missing-key" if len(other) < len(one) else "extra-key"), "lines"
    different = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    first = different[0]
    if first == LINES.index("timestamp") and _is_unit(one[first], other[first]):
        return "timestamp-unit", ""
    if first == LINES.index("target") and (unquote(one[1]) == unquote(other[1])):
        return "encoding", ""
    if first == LINES.index("body digest") and other[first] in _digests(body):
        return "body-rewritten", ""
    return "value", LINES[first]


def _of_pairs(ours: str, theirs: str, secret: str) -> tuple[Kind, str]:
    one, other = _pairs(ours, secret), _pairs(theirs, secret)
    missing = [name for name in one if name not in other]
    extra = [name for name in other if name not in one]
    if missing or extra:
        return ("missing-key", missing[0]) if missing else ("extra-key", extra[0])
    wrong = [name for name, value in one.items() if other[name] != value]
    if not wrong:
        return "order", ""
    name = wrong[0]
    if _is_unit(one[name], other[name]):
        return "timestamp-unit", name
    if _is_rewritten(one[name], other[name]):
        return "body-rewritten", name
    return "value", name


def _pairs(text: str, secret: str) -> dict[str, str]:
    """Read k=v&k=v; a part without an equals sign belongs to the value before it."""
    pairs: dict[str, str] = {}
    last = ""
    for part in (text.removesuffix(secret) if secret else text).split("&"):
        name, equals, value = part.partition("=")
        if equals and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name):
            last = name
            pairs[name] = value
        elif last:
            pairs[last] += f"&{part}"
    return pairs


def _is_unit(one: str, other: str) -> bool:
    """Whether both are one time in seconds and in milliseconds."""
    if not (one.isdecimal() and other.isdecimal()):
        return False
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 3 and abs(int(long) // 1000 - int(short)) <= 1  # noqa: PLR2004 - digits of a thousand


def _is_rewritten(one: str, other: str) -> bool:
    """Whether both are the same JSON, written in two ways."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False


def _digests(body: bytes) -> set[str]:
    """Return the digests of this body as others would write it: an own serialiser's JSON, and none at all."""
    texts = {b"", body.strip(), body + b"\n", body.removeprefix(b"\xef\xbb\xbf")}
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if content is not None:
        for ascii_only in (True, False):
            for order in (True, False):
                for between in ((",", ":"), (", ", ": "), (",", ": ")):
                    written = json.dumps(content, ensure_ascii=ascii_only, sort_keys=order, separators=between)
                    texts.add(written.encode(errors="surrogatepass"))
    texts.discard(body)
    return {_hex(text, name) for text in texts for name in ("sm3", "sha256")}


def _hex(data: bytes, name: str) -> str:
    return sm3(data).hex() if name == "sm3" else hashlib.sha256(data).hexdigest()


def _around(text: str, at: int) -> str:
    return text[max(at - _AROUND, 0) : at + _AROUND]
