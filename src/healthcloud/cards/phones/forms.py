"""The bodies of the phones' HTTP interface."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from healthcloud.core.http import Wish


class PhoneWish(Wish):
    """A phone to make codes by itself, and how its owner will know it; a resident leaves their own id out."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    person_id: UUID | None = None


class PhoneShown(BaseModel):
    """A phone that makes codes."""

    id: UUID
    label: str
    enrolled_at: datetime
    is_this_account: bool
