"""One request of family C on its way to the core."""

from dataclasses import dataclass, replace

from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import Core, Errand
from healthcloud.gateway.words import Words


@dataclass(frozen=True, slots=True)
class Task:
    """One request to be carried out."""

    core: Core
    errand: Errand
    fields: Fields
    words: Words

    def by(self, serial_field: str) -> Errand:
        """Return the errand with the serial this method carries."""
        return replace(self.errand, serial=self.fields.need(serial_field, longest=128))


def terminal_of(text: str | None) -> str | None:
    """Return a terminal; −1 is no terminal."""
    return None if text == "-1" else text
