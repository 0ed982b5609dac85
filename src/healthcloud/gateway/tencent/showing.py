"""People and cards in the open platform's words."""

import struct
import zlib
from base64 import b64encode

import zxingcpp

from healthcloud.gateway.neutral import PersonHeld
from healthcloud.gateway.words import Words

_SCALE = 6  # pixels a module: about 300 across
_SEXES = {"1": "男", "2": "女"}


def told_sex(code: str) -> str:
    """Return 男 or 女, 未知 for what is not stated."""
    return _SEXES.get(code, "未知")


def static_text(card_id: str) -> str:
    """Return the static code of a card, which says no more than its number."""
    return f"{card_id}:1:::"


def picture(text: str) -> str:
    """Return a code's QR picture: a grey PNG (ISO 15948) in Base64, as clients put it behind `data:image/png`."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    # The stubs do not say that an image is a buffer of rows.
    image = memoryview(code.to_image(scale=_SCALE, add_quiet_zones=True))  # type: ignore[arg-type]
    rows = image.tobytes()
    side = len(image)
    lines = b"".join(b"\0" + rows[start : start + side] for start in range(0, len(rows), side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines)), _chunk(b"IEND", b""))
    return b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def card_of(held: PersonHeld, words: Words) -> dict[str, object]:
    """Return somebody as the platform's card object; masked where the caller may not open identities."""
    card_id = "" if held.card is None else held.card.card_id
    nation = words.told("ethnic-group", held.ethnicity) or ""
    return {
        "qrCodeText": static_text(card_id) if card_id else "",
        "name": held.name,
        "gender": told_sex(held.sex),
        "nation": nation,
        "birthday": held.birth_date,
        "idNumber": held.document_number,
        "idType": held.document_kind,
        "idCard": held.document_number,
        "cardType": held.document_kind,
        "address": "",
        "phone1": held.phone or "",
        "phone2": "",
        "phid": held.person_id.hex.upper(),
        "patid": held.local_number or "",
        "healthCardId": card_id,
        "adminExt": "",
        "ext": "",
        "verifyStatus": held.level,
    }
