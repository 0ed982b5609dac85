"""What a request wants, as a body or a query: the base of all such models, and fields that are spelled in one way."""

import re
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from healthcloud.core.http.faults import BrokenRule

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Wish(BaseModel):
    """What is not a field of it is refused, and nothing of it is said back."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _spelled(value: object) -> object:
    """Refuse numbers: pydantic takes them for seconds since 1970, which nobody means by a day."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise BrokenRule(en="must begin with YYYY-MM-DD", zh="应以 YYYY-MM-DD 开头")


Day = Annotated[date, BeforeValidator(_spelled)]
Moment = Annotated[AwareDatetime, BeforeValidator(_spelled)]
