"""
Every text a scanner may send, told apart and taken to pieces.

A device-signed code begins with `EHC1:` and is tested for first (devices.py).

A health card code is 1 to 5 segments between colons, at most 130 characters: card id (64 hexadecimal digits), kind
(0 dynamic, 1 static), token (32 hexadecimal digits or empty), issuing application, payment. We emit five segments.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias
from unicodedata import category

from healthcloud_reader import residents
from healthcloud_reader.devices import PREFIX, DeviceCode, read_device
from healthcloud_reader.reasons import Reason, Unreadable
from healthcloud_reader.tokens import Token, token_of

MAX_LENGTH = 130
VOUCHER_LENGTH = 28
_CARD_ID_LENGTH = 64
_RESIDENT_ID_LENGTH = 18
_MAX_SEGMENTS = 5
_MAX_RAW_LENGTH = 1024
_EUROPEAN = "HC1:"

_OURS = re.compile(r"([0-9A-F]{64}):0:([0-9A-F]{32})::")
_CARD_ID = re.compile(r"[0-9A-F]{64}")
_TOKEN = re.compile(r"[0-9A-F]{32}")
_VOUCHER = re.compile(r"[0-9A-Z]{28}", re.IGNORECASE)
_PLAIN = re.compile(r"[!-~]+")

# What keyboard wedges add around or inside a text: control characters, byte order marks, zero-width marks; blanks too.
_DROPPED = frozenset({"Cc", "Cf", "Zl", "Zp"})
_SPACE = "Zs"
_BLANK = " "
_DROPPED_ASCII = dict.fromkeys([*range(0x20), 0x7F])
_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = "\uff01", "\uff5e", 0xFEE0


class DynamicCode(NamedTuple):
    """A code with a token: `<64 hex>:0:<32 hex>::` and its shorter forms."""

    card_id: bytes
    token: Token
    issuer: str = ""
    payment: str = ""

    @property
    def text(self) -> str:
        """The five-segment form: 101 characters where issuer and payment are empty."""
        return f"{self.card_id.hex().upper()}:0:{self.token.hex}:{self.issuer}:{self.payment}"


@dataclass(frozen=True, slots=True)
class StaticCode:
    """A printed code, `<64 hex>:1:::` and its shorter forms; it proves nothing without a second fact."""

    card_id: bytes
    issuer: str = ""
    payment: str = ""

    @property
    def text(self) -> str:
        """The five-segment form: 69 characters where issuer and payment are empty."""
        return f"{self.card_id.hex().upper()}:1::{self.issuer}:{self.payment}"


@dataclass(frozen=True, slots=True)
class BareCardId:
    """A card id alone, as printed or typed; it proves no more than a printed code."""

    card_id: bytes


@dataclass(frozen=True, slots=True)
class InsuranceVoucher:
    """A medical insurance e-voucher (医保电子凭证), 28 characters: another scheme's, for another reader."""

    text: str


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A resident identity number with a right check digit (GB 11643), as a card reader types it."""

    number: str


Reading: TypeAlias = DeviceCode | DynamicCode | StaticCode | BareCardId | InsuranceVoucher | ResidentId


def parse(text: str) -> Reading:
    """Tell what was scanned; raise Unreadable with its reason when it is nothing a health card reader takes."""
    ours = _OURS.fullmatch(text)
    if ours is not None:
        return DynamicCode(bytes.fromhex(ours[1]), token_of(bytes.fromhex(ours[2])))
    return _parse_folded(text)


def _parse_folded(text: str) -> Reading:
    if len(text) > _MAX_RAW_LENGTH:
        raise Unreadable(Reason.TOO_LONG)
    spaced = text.translate(_DROPPED_ASCII) if text.isascii() else "".join(map(_narrow, text))
    # Tested before blanks are dropped, which base45 counts among its characters (none ends with one), and before the
    # length, which such a text exceeds.
    upper = spaced.strip(_BLANK).upper()
    if upper.startswith(PREFIX):
        if not spaced.isascii():  # no letter of elsewhere whose capital is one of ours
            raise Unreadable(Reason.DEVICE_TEXT)
        return read_device(upper)
    if upper.startswith(_EUROPEAN):
        raise Unreadable(Reason.EUROPEAN)
    kept = spaced.replace(_BLANK, "")
    if not kept:
        raise Unreadable(Reason.EMPTY)
    if len(kept) > MAX_LENGTH:
        raise Unreadable(Reason.TOO_LONG)
    if _PLAIN.fullmatch(kept) is None:
        raise Unreadable(Reason.CHARACTERS)
    return _told_apart(kept)


def _narrow(character: str) -> str:
    """Undo what a full-width input method does to one character; nothing is left of a break or an invisible mark."""
    if _WIDE_FIRST <= character <= _WIDE_LAST:
        return chr(ord(character) - _WIDE_SHIFT)
    kind = category(character)
    if kind == _SPACE:
        return _BLANK
    return "" if kind in _DROPPED else character


def _told_apart(text: str) -> Reading:
    upper = text.upper()
    if ":" in text:
        return _code_of(upper.split(":"))
    if len(text) == _CARD_ID_LENGTH:
        return BareCardId(_card_id_of(upper))
    if len(text) == VOUCHER_LENGTH and _VOUCHER.fullmatch(text):
        return InsuranceVoucher(text)
    if len(text) == _RESIDENT_ID_LENGTH and residents.has_form(upper):
        if not residents.is_sound(upper):
            raise Unreadable(Reason.RESIDENT_ID)
        return ResidentId(upper)
    raise Unreadable(Reason.UNKNOWN)


def _code_of(segments: list[str]) -> DynamicCode | StaticCode:
    if len(segments) > _MAX_SEGMENTS:
        raise Unreadable(Reason.SEGMENTS)
    first, kind, token, issuer, payment = segments + [""] * (_MAX_SEGMENTS - len(segments))
    card_id = _card_id_of(first)
    if kind not in {"0", "1"}:
        raise Unreadable(Reason.KIND)
    if token and _TOKEN.fullmatch(token) is None:
        raise Unreadable(Reason.TOKEN)
    if kind == "1":
        return StaticCode(card_id, issuer, payment)
    if not token:
        raise Unreadable(Reason.TOKEN_MISSING)
    return DynamicCode(card_id, token_of(bytes.fromhex(token)), issuer, payment)


def _card_id_of(text: str) -> bytes:
    if _CARD_ID.fullmatch(text) is None:
        raise Unreadable(Reason.CARD_ID)
    return bytes.fromhex(text)
