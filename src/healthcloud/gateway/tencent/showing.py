"""People and cards in the open platform's words."""

from base64 import b64encode

import zxingcpp

from healthcloud.gateway.neutral import PersonHeld
from healthcloud.gateway.words import Words

_SEXES = {"1": "男", "2": "女"}


def told_sex(code: str) -> str:
    """Return 男 or 女, 未知 for what is not stated."""
    return _SEXES.get(code, "未知")


def static_text(card_id: str) -> str:
    """Return the static code of a card, which says no more than its number."""
    return f"{card_id}:1:::"


def picture(text: str) -> str:
    """Return a code's QR picture, SVG in Base64 (`data:image/svg+xml;base64,…`), drawn by any browser."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return b64encode(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True).encode()).decode()


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
