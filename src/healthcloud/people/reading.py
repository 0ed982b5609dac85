"""Reading what somebody wrote, field by field: every fault is told at once, in both languages, never the value."""

import re
from collections.abc import Callable
from typing import TypeVar

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.people.model import Broken, Sex

LONGEST_EVIDENCE = 200
_NUMBER_OF_SOMEBODY = re.compile(r"\d{11}")
_ETHNICITY = re.compile(r"0[1-9]|[1-4][0-9]|5[0-6]|9[78]", re.ASCII)

Value = TypeVar("Value")


class FormReader:
    """Reads fields one after the other and remembers every fault."""

    def __init__(self) -> None:
        self.faults: list[FieldFault] = []

    def read(self, pointer: str, how: Callable[[], Value]) -> Value | None:
        """Return what `how` reads, or None after noting what it says is broken."""
        try:
            return how()
        except Broken as broken:
            self.fault(pointer, broken)
            return None

    def optional(self, field: str, text: str | None, how: Callable[[str], Value]) -> Value | None:
        """Read a field that may be left out."""
        return self.read(field, lambda: how(text)) if text else None

    def fault(self, pointer: str, broken: Broken) -> None:
        """Note what is broken at this place of the body."""
        self.faults.append(FieldFault(f"#/{pointer}", broken.en, broken.zh))


def read_sex(text: str) -> Sex:
    """Return a sex of GB/T 2261.1; raise Broken."""
    try:
        return Sex(text)
    except ValueError:
        raise Broken("must be 0, 1, 2 or 9 (GB/T 2261.1)", "应为 0、1、2 或 9（GB/T 2261.1）") from None


def read_ethnicity(text: str) -> str:
    """Return a code of GB 3304, `1` read as `01`; raise Broken."""
    code = text.strip().zfill(2)
    if not _ETHNICITY.fullmatch(code):
        raise Broken("must be a code of GB 3304: 01–56, 97 or 98", "应为 GB 3304 民族代码：01–56、97 或 98")
    return code


def read_evidence(text: str, field: str = "evidence") -> str:
    """
    Return what a clerk says they saw, or why they look, in 1–200 characters; raise Unacceptable.

    It is kept as written for the person to read, so it may not hold a number of anybody.
    """
    told = " ".join(text.split())
    fault = None
    if not 1 <= len(told) <= LONGEST_EVIDENCE:
        fault = FieldFault(f"#/{field}", f"must have 1–{LONGEST_EVIDENCE} characters", f"应为 1–{LONGEST_EVIDENCE} 字")
    elif _NUMBER_OF_SOMEBODY.search(told):
        fault = FieldFault(f"#/{field}", "must not hold a person's number", "不得写入个人号码")
    if fault:
        raise Unacceptable(faults=(fault,))
    return told
