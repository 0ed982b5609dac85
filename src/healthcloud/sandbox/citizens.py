"""The invented citizens one may pick from, with everything a client needs to know of them."""

from pathlib import Path

import msgspec

from healthcloud.core.settings import Settings
from healthcloud.sandbox.errors import CitizenUnknown


class Citizen(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody who does not exist.

    `why` says what they are there for: ordinary, no-card, child, newborn, foreigner, taiwan, hong-kong, minority,
    elder, twin-a, twin-b, same-name. Codes are CV02.01.101, GB/T 2261.1, GB 3304, alpha-3. A newborn has no number:
    `mother` is the name of one of the others.
    """

    number: int
    why: str
    name: str
    id_kind: str
    id_number: str
    sex: str
    birth_date: str
    phone: str = ""
    ethnicity: str = ""
    nationality: str = "CHN"
    has_card: bool = False
    mother: str = ""
    birth_order: int = 0


def citizens_file(settings: Settings) -> Path:
    """Return where the sandbox's command wrote them."""
    return settings.var / "sandbox" / "citizens.json"


def citizens(settings: Settings) -> list[Citizen]:
    """Return all of them; none where no command has written any."""
    path = citizens_file(settings)
    return msgspec.json.decode(path.read_bytes(), type=list[Citizen]) if path.exists() else []


def citizen(settings: Settings, number: int) -> Citizen:
    """Return one by number; raise CitizenUnknown."""
    found = next((one for one in citizens(settings) if one.number == number), None)
    if found is None:
        raise CitizenUnknown
    return found
