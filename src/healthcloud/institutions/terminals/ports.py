"""What terminals give to features beneath them; `server` hands it in where access asks TerminalOfToken."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """The terminal a browser sits at, and whose it is."""

    terminal_id: UUID
    institution_id: UUID
