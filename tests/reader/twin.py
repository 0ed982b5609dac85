"""
The slow, obvious twin of the reader, written from the decision page alone; nothing is shared with the package.

HMAC is RFC 2104 by hand over hashlib, so that another library stands on this side.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

BLOCK = 64


def hmac_by_hand(algorithm: str, key: bytes, message: bytes) -> bytes:
    assert len(key) <= BLOCK
    padded = key.ljust(BLOCK, b"\0")
    inner = hashlib.new(algorithm, bytes(b ^ 0x36 for b in padded) + message).digest()
    return hashlib.new(algorithm, bytes(b ^ 0x5C for b in padded) + inner).digest()


def secret_of(master: bytes, card_id: bytes, slot: int, epoch: int, period: int) -> bytes:
    numbers = slot.to_bytes(1, "big") + epoch.to_bytes(2, "big") + period.to_bytes(4, "big")
    return hmac_by_hand("sm3", master, b"EHC-SLOT-1" + card_id + numbers)


def mac_of(algorithm: str, secret: bytes, card_id: bytes, step: int) -> bytes:
    return hmac_by_hand(algorithm, secret, b"EHC-TOKEN-1" + card_id + step.to_bytes(8, "big"))[:13]


@dataclass(frozen=True)
class Sent:
    """A token in parts, and the card it claims."""

    card_id: bytes
    slot: int
    epoch: int
    mac: bytes


def verdict(masters: list[bytes], sent: Sent, now: int, window: int = 1) -> tuple[str, int]:
    """Say ("genuine", step), ("behind", minutes), ("ahead", minutes) or ("forged", 0), trying everything."""
    here = now // 60
    usual = "sm3" if sent.slot == 0 else "sha256"
    genuine, off = [], []
    for master in masters:
        for step in range(here - 30, here + 31):
            for algorithm in ("sm3", "sha256"):
                for age in (0, 1):
                    secret = secret_of(master, sent.card_id, sent.slot, sent.epoch, step // 43200 - age)
                    if mac_of(algorithm, secret, sent.card_id, step) != sent.mac:
                        continue
                    if abs(step - here) <= window:
                        genuine.append(step)
                    elif algorithm == usual and age == 0:
                        off.append(step)
    if genuine:
        return "genuine", genuine[0]
    if off:
        return ("behind" if off[0] < here else "ahead"), abs(off[0] - here)
    return "forged", 0


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and set(text) <= set("0123456789ABCDEF")


def _without(text: str, *categories: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in categories)


def read(text: str) -> tuple[str, ...]:  # noqa: C901, PLR0911, PLR0912 - one branch per rule, in the order of the page
    """Say what the text is, as a tuple beginning with its kind, or ("unreadable", reason)."""
    if len(text) > 1024:
        return "unreadable", "too-long"
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in _without(narrow, "Cc", "Cf", "Zl", "Zp"))
    if spaced.strip(" ").upper().startswith("EHC1:"):
        return _read_device(spaced.strip(" "))
    if spaced.strip(" ").upper().startswith("HC1:"):
        return "unreadable", "eu-certificate"
    plain = spaced.replace(" ", "")
    if plain == "":
        return "unreadable", "empty"
    if len(plain) > 130:
        return "unreadable", "too-long"
    if any(not 0x21 <= ord(c) <= 0x7E for c in plain):
        return "unreadable", "characters"
    upper = plain.upper()
    if ":" not in upper:
        return _read_without_colon(plain, upper)
    segments = upper.split(":")
    if len(segments) > 5:
        return "unreadable", "segments"
    card_id, kind, token, issuer, payment = (segments + [""] * 5)[:5]
    if not _is_hex(card_id, 64):
        return "unreadable", "card-id"
    if kind not in ("0", "1"):
        return "unreadable", "kind"
    if token != "" and not _is_hex(token, 32):
        return "unreadable", "token"
    if kind == "1":
        return "static", card_id, issuer, payment
    if token == "":
        return "unreadable", "token-missing"
    return "dynamic", card_id, token, issuer, payment


def _read_without_colon(plain: str, upper: str) -> tuple[str, ...]:
    if len(upper) == 64:
        return ("bare", upper) if _is_hex(upper, 64) else ("unreadable", "card-id")
    if len(upper) == 28 and upper.isalnum():
        return "voucher", plain
    if len(upper) == 18 and upper[:17].isdigit() and upper[17] in "0123456789X":
        return ("resident", upper) if _resident_sound(upper) else ("unreadable", "resident-id")
    return "unreadable", "unknown"


def _resident_sound(number: str) -> bool:
    """ISO 7064 MOD 11-2, the definition behind GB 11643: the weighted sum of all eighteen is 1 modulo 11."""
    values = [int(c) if c != "X" else 10 for c in number]
    total = sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values))
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return total % 11 == 1 and year > 0 and 1 <= month <= 12 and 1 <= day <= days[month - 1]


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def from_base45(text: str) -> bytes | None:
    """RFC 9285 section 4, group by group; None for what is none."""
    out = b""
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        if len(group) == 1 or any(c not in ALPHABET for c in group):
            return None
        number = sum(ALPHABET.index(c) * 45**place for place, c in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            return None
        out += number.to_bytes(len(group) - 1, "big")
    return out


def _read_device(text: str) -> tuple[str, ...]:  # noqa: PLR0911 - as above
    if len(text) > 391 and text.isascii():
        return "unreadable", "device-length"
    data = from_base45(text[5:].upper()) if text.isascii() else None
    if data is None:
        return "unreadable", "device-text"
    if data[:1] not in (b"", b"\1"):
        return "unreadable", "device-version"
    if len(data) < 89 or len(data) < 89 + data[88] + 64:
        return "unreadable", "device-length"
    name = data[89 : 89 + data[88]]
    sound = (
        data[1] in (1, 2, 3)
        and 1 <= data[42] <= 254
        and data[45] in (2, 3)
        and 1 <= int.from_bytes(data[82:84], "big") <= 10080
        and data[85] in (0, 1, 2, 9)
        and 1 <= len(name) <= 36
    )
    try:
        shown = name.decode()
    except UnicodeDecodeError:
        return "unreadable", "device-content"
    if not sound or shown != _without(shown, "Cc", "Cf", "Zl", "Zp"):
        return "unreadable", "device-content"
    if len(data) != 89 + len(name) + 64 + 4 + 64:
        return "unreadable", "device-length"
    return "device", data.hex()
