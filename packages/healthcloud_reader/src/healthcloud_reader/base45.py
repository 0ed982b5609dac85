"""Base45 (RFC 9285): bytes as the 45 characters of a QR code's alphanumeric mode, three for every two bytes."""

from struct import pack, unpack

from healthcloud_reader.reasons import Reason, Unreadable

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BAD = 255
_VALUES = bytes(ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _BAD for code in range(256))
_TRIPLES = tuple(ALPHABET[low] + ALPHABET[middle] for middle in range(45) for low in range(45))


def b45encode(data: bytes) -> str:
    """Write bytes as base45, in capitals."""
    words = unpack(f">{len(data) // 2}H", data[: len(data) & ~1])
    text = "".join([_TRIPLES[word % 2025] + ALPHABET[word // 2025] for word in words])
    return text + _TRIPLES[data[-1]] if len(data) % 2 else text


def b45decode(text: str) -> bytes:
    """Read base45 in capitals; raise Unreadable for a strange character, a lost one, or a group above its bytes."""
    try:
        values = text.encode("latin-1").translate(_VALUES)
    except UnicodeEncodeError as error:
        raise Unreadable(Reason.DEVICE_TEXT) from error
    whole, rest = divmod(len(values), 3)
    if _BAD in values or rest == 1:
        raise Unreadable(Reason.DEVICE_TEXT)
    end = whole * 3
    words = [a + 45 * b + 2025 * c for a, b, c in zip(values[:end:3], values[1:end:3], values[2:end:3], strict=True)]
    last = [values[end] + 45 * values[end + 1]] if rest else []
    if max(words, default=0) > 0xFFFF or max(last, default=0) > 0xFF:  # noqa: PLR2004 - the most two bytes and one hold
        raise Unreadable(Reason.DEVICE_TEXT)
    return pack(f">{whole}H", *words) + bytes(last)
