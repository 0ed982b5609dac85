"""What a department is, and the rules about it; pure."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.errors import FieldFault
from healthcloud.institutions.model import LONGEST_NAME, text_faults

LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class DepartmentWish:
    """A department to be added; `code` is the institution's own, `standard_code` the city's (standard-department)."""

    code: str
    name: str
    standard_code: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """A department (科室) of an institution."""

    institution_id: UUID
    id: UUID
    code: str
    standard_code: str | None
    name: str
    state: str


def wish_faults(wish: DepartmentWish) -> tuple[FieldFault, ...]:
    """Return what is wrong with a wish's texts."""
    return (
        *text_faults("code", wish.code, LONGEST_CODE, required=True),
        *text_faults("name", wish.name, LONGEST_NAME, required=True),
    )


def is_same(found: Department, wish: DepartmentWish) -> bool:
    """Tell whether a second entry means this department."""
    return (found.name, found.standard_code, found.state) == (wish.name, wish.standard_code, "open")
