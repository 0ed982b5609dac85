"""
The ACK (HL7 v2.5.1, 2.9.2, 2.15): always one, with MSA-2 the sender's MSH-10. Pure.

AA: carried out, durably. AE: read, and something in it is wrong: correct it. AR: not read, not taken, not believed, or
not now: nothing in it need be wrong. ERR says which problem in our codes and in both languages.
"""

from datetime import datetime

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Problem, Unacceptable, Unavailable
from healthcloud.core.ids import new_id_text
from healthcloud.gateway.hl7.errors import (
    CharsetUnknown,
    CharsetWrong,
    ControlIdMissing,
    FieldWrong,
    HeaderMissing,
    KindNotTaken,
    MessageUnfinished,
    SegmentWrong,
)
from healthcloud.gateway.hl7.reading import UTF_8, Segment, Separators, escaped

APPLICATION = "HEALTHCLOUD"
CONFLICT = 409
NOTHING = Segment("MSH", (), Separators("|", "^", "~", "\\", "&"))
# Table 0357; what is not here is 207, an application internal error.
_CONDITIONS: dict[type[Problem], tuple[str, str]] = {
    HeaderMissing: ("100", "Segment sequence error"),
    SegmentWrong: ("100", "Segment sequence error"),
    MessageUnfinished: ("100", "Segment sequence error"),
    ControlIdMissing: ("101", "Required field missing"),
    FieldWrong: ("101", "Required field missing"),
    CharsetUnknown: ("103", "Table value not found"),
    CharsetWrong: ("102", "Data type error"),
    KindNotTaken: ("201", "Unsupported event code"),
}


def code_of(problem: Problem | None) -> str:
    """Return MSA-1 (table 0008)."""
    if problem is None:
        return "AA"
    is_content = isinstance(problem, Unacceptable) or problem.status in (404, CONFLICT)
    return "AE" if is_content else "AR"


def ack(
    header: Segment | None, now: datetime, *, problem: Problem | None = None, text: str = "", charset: str = UTF_8
) -> bytes:
    """Return the ACK of a message, in its charset; `header` is its MSH as far as it could be read."""
    said = header or NOTHING
    own_charset = "UNICODE UTF-8" if charset == UTF_8 else "GB 18030-2000"
    event = said.get(9, 2)
    msh = "|".join(
        (
            "MSH",
            "^~\\&",
            APPLICATION,
            "",
            escaped(said.get(3)),
            escaped(said.get(4)),
            now.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S%z"),
            "",
            f"ACK^{escaped(event)}^ACK" if event else "ACK",
            new_id_text()[:20],
            escaped(said.get(11)) or "P",
            escaped(said.get(12)) or "2.5.1",
            "",
            "",
            "",
            "",
            "CHN",
            own_charset,
        )
    )
    words = problem.zh if problem is not None else text
    lines = [msh, f"MSA|{code_of(problem)}|{escaped(said.get(10))}|{escaped(words)}"]
    if problem is not None:
        lines += _errors(problem)
    return ("\r".join(lines) + "\r").encode(charset, "replace")


def _errors(problem: Problem) -> list[str]:
    """Return an ERR for each fault, or one: place, condition, severity, our code, sentences, who must act."""
    usual = ("102", "Data type error") if isinstance(problem, Unacceptable) else ("207", "Application internal error")
    number, words = _CONDITIONS.get(type(problem), usual)
    head = f"{number}^{words}^HL70357"
    own = f"{problem.code}^{escaped(problem.sentence)}^HEALTHCLOUD"
    retry = (
        f"retry after {problem.retry_after or 1} s"
        if isinstance(problem, Unavailable)
        else f"who acts: {problem.who_acts}"
    )
    if not problem.faults:
        facts = "; ".join(f"{name}={value}" for name, value in problem.facts.items() if value is not None)
        return [f"ERR|||{head}|E|{own}||{escaped(facts or retry)}|{escaped(problem.zh)}"]
    return [f"ERR||{_place(one.pointer)}|{head}|E|{own}||{escaped(one.en)}|{escaped(one.zh)}" for one in problem.faults]


def _place(pointer: str) -> str:
    """Return ERR-2: `PID-3` as PID^1^3; a pointer into what the core read is said as it is."""
    name, hyphen, field = pointer.partition("-")
    if hyphen and field.isdecimal():
        return f"{name}^1^{field}"
    return f"{pointer}^1" if pointer.isalnum() else escaped(pointer)
