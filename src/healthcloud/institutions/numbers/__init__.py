"""The numbers others know an institution by: their kinds, check digits and one spelling each."""

from healthcloud.institutions.numbers.errors import NumberWrong
from healthcloud.institutions.numbers.model import (
    NumberKind,
    OutsideNumber,
    checked,
    organisation_check,
    shown,
    spellings,
    uscc_check,
)

__all__ = [
    "NumberKind",
    "NumberWrong",
    "OutsideNumber",
    "checked",
    "organisation_check",
    "shown",
    "spellings",
    "uscc_check",
]
