"""What would follow from a decision, told by each feature before it is taken; registered where features are wired."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class Line:
    """
    One thing that would follow for somebody, as words people read: `key` and what fills it in (never personal data).

    `grave` marks what people should stop at: rights, money or codes that change hands.
    """

    person_id: UUID
    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    grave: bool = False


Consequence: TypeAlias = Callable[[Read, Sequence[UUID]], Awaitable[list[Line]]]
