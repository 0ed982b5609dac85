"""Fields that several forms of the consoles share, and how they are read."""

from datetime import date, datetime, time
from uuid import UUID

from healthcloud import institutions
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.web.console.parts import Field
from healthcloud.web.wording import Words

LONGEST_REASON = 200
MOST_OFFERED = 200
DOCUMENTS = ("01", "02", "03", "04", "05", "06", "07", "08", "99")  # CV02.01.101


def code_field(words: Words) -> Field:
    """Return the field a grave act asks a one-time code in."""
    return Field("code", words("console.code"), "code", hint=words("console.code-hint"))


def reason_field(words: Words, value: str = "") -> Field:
    """Return the field an act asks its reason in; it is kept as written, and read by whom it concerns."""
    return Field(
        "reason", words("console.reason"), "area", value, words("console.reason-hint"), maxlength=LONGEST_REASON
    )


def document_fields(words: Words, values: dict[str, str]) -> list[Field]:
    """Return the fields of an identity document; its number stands in a posted form only."""
    kinds = [(code, words(f"console.document.{code}")) for code in DOCUMENTS]
    kind = values.get("kind") or DOCUMENTS[0]
    number = values.get("number", "")
    return [
        Field("kind", words("console.document.kind"), "select", kind, options=kinds),
        Field("number", words("console.document.number"), value=number, maxlength=40),
    ]


async def institutions_of(read: Read) -> list[tuple[str, str]]:
    """Return the open institutions a form offers."""
    found = await institutions.list_institutions(read, limit=MOST_OFFERED)
    return [(str(one.id), one.name) for one in found]


def day_of(text: str, name: str) -> date:
    """Return the day a date field says; raise Unacceptable at its name."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = FieldFault(f"#/{name}", "is no date", "请选择日期")
        raise Unacceptable(faults=(fault,)) from None


def end_of_day(text: str, name: str) -> datetime | None:
    """Return the last instant of the day a date field says, in the city's time; None where it is left empty."""
    return datetime.combine(day_of(text, name), time(23, 59, 59), SHANGHAI) if text else None


def uuid_of(text: str, name: str) -> UUID:
    """Return the id a field holds; raise Unacceptable at its name."""
    try:
        return UUID(text)
    except ValueError:
        fault = FieldFault(f"#/{name}", "is nothing of this list", "请从列表中选择")
        raise Unacceptable(faults=(fault,)) from None


def text_of(form: dict[str, str], name: str, most: int) -> str:
    """Return a text that must be there; raise Unacceptable at its name."""
    text = form.get(name, "")
    if not 1 <= len(text) <= most:
        fault = FieldFault(f"#/{name}", f"must have 1 to {most} characters", f"应为 1 至 {most} 个字符")
        raise Unacceptable(faults=(fault,))
    return text
