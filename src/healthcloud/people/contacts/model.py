"""Phone numbers: one spelling, so that one number is found by whoever wrote it."""

import re
import unicodedata

from healthcloud.people.model import Broken

_NOISE = re.compile(r"[\s\-‐‑‒–—().\u200b-\u200d\ufeff\u202a-\u202e]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_LANDLINE = re.compile(r"0[1-9][0-9]{8,10}", re.ASCII)
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def normalise_phone(text: str) -> str:
    """
    Return a mainland mobile number as 11 digits, a landline as 0 with area code, others as E.164; raise Broken.

    +86, 0086 and 86 before a mainland number go.
    """
    phone = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    phone = re.sub(r"^00", "+", phone)
    if phone.startswith("+86"):
        phone = phone[3:] if _MOBILE.fullmatch(phone[3:]) else "0" + phone[3:].removeprefix("0")
    elif phone.startswith("86") and _MOBILE.fullmatch(phone[2:]):
        phone = phone[2:]
    if not any(form.fullmatch(phone) for form in (_MOBILE, _LANDLINE, _ABROAD)):
        raise Broken(
            "must be a mobile number, a landline with area code, or +country number",
            "应为手机号、带区号的座机号，或 + 国家代码的号码",
        )
    return phone
