"""Whom a sandbox lets one pick from: some of the demonstration's residents, and others who are not in the city yet."""

from datetime import date

import msgspec

from healthcloud import people, sandbox
from healthcloud.core.settings import Settings
from healthcloud.server.demonstration import MOST, Ledger, resident
from healthcloud.server.sandboxing.keys import write_private

_OF_EACH = 3
_SEARCHED = 1000  # residents: as many as the smallest sandbox has
_TO_REGISTER = 12
_ELDER_YEARS, _CHILD_YEARS = 80, 14
# Of the placeholder division, with sequences no resident of the demonstration comes down to.
_DIVISION = "370401"


def invent(settings: Settings, today: date) -> list[sandbox.Citizen]:
    """Write the citizens' file, and tell the registry's simulator of those who are new; the same ones every time."""
    found = [*_with_cards(today), *_to_register(), *_twins(), *_same_names(), _newborn()]
    citizens = [msgspec.structs.replace(one, number=n) for n, one in enumerate(found, 1)]
    write_private(sandbox.citizens_file(settings), msgspec.json.format(msgspec.json.encode(citizens), indent=2))
    _tell_registry(Ledger.of(settings), [one for one in citizens if not one.has_card and one.id_kind in ("01", "02")])
    return citizens


def _with_cards(today: date) -> list[sandbox.Citizen]:
    """Return a few residents of each kind."""
    kinds: dict[str, list[sandbox.Citizen]] = {}
    for n in range(_SEARCHED):
        one = resident(n)
        why = _why(one, today)
        if len(kinds.setdefault(why, [])) < _OF_EACH:
            kinds[why].append(_citizen(one, why, has_card=True))
    return [one for why in sorted(kinds) for one in kinds[why]]


def _why(one: people.RegistrationForm, today: date) -> str:
    document = one.documents[0]
    by_kind = {"03": "foreigner", "06": "hong-kong", "07": "taiwan"}
    if document.kind in by_kind:
        return by_kind[document.kind]
    years = today.year - (one.birth_date or today).year
    if years < _CHILD_YEARS:
        return "child"
    if one.ethnicity not in (None, "01"):
        return "minority"
    return "elder" if years >= _ELDER_YEARS else "ordinary"


def _to_register() -> list[sandbox.Citizen]:
    """Return adults with identity cards whom the city does not know."""
    found: list[sandbox.Citizen] = []
    n = MOST - 1
    while len(found) < _TO_REGISTER:
        one = resident(n)
        if one.documents[0].kind == "01" and one.phone:
            found.append(_citizen(one, "no-card", has_card=False))
        n -= 1
    return found


def _twins() -> list[sandbox.Citizen]:
    """Return twins of one sex, born on one day."""
    born = date(1990, 5, 17)
    return [
        _person("twin-a", "孔令双", born, 103),
        _person("twin-b", "孔令对", born, 105),
    ]


def _same_names() -> list[sandbox.Citizen]:
    """Return two people of one name and birthday."""
    born = date(1985, 3, 8)
    return [_person("same-name", "刘洋", born, order) for order in (103, 105)]


def _newborn() -> sandbox.Citizen:
    """Return a child without a name and a number, of a mother who is to be registered first."""
    mother = next(one for one in _to_register() if one.sex == "2")
    return sandbox.Citizen(
        number=0,
        why="newborn",
        name=f"{mother.name}之女",
        id_kind="",
        id_number="",
        sex="2",
        birth_date="",
        ethnicity=mother.ethnicity,
        mother=mother.name,
        birth_order=1,
    )


def _person(why: str, name: str, born: date, order: int) -> sandbox.Citizen:
    first17 = f"{_DIVISION}{born:%Y%m%d}{order:03d}"
    return sandbox.Citizen(
        number=0,
        why=why,
        name=name,
        id_kind="01",
        id_number=first17 + people.check_character(first17),
        sex="1",
        birth_date=born.isoformat(),
        phone=f"1609999{order:04d}",
        ethnicity="01",
    )


def _citizen(one: people.RegistrationForm, why: str, *, has_card: bool) -> sandbox.Citizen:
    return sandbox.Citizen(
        number=0,
        why=why,
        name=one.name or "",
        id_kind=one.documents[0].kind,
        id_number=one.documents[0].number,
        sex=one.sex or "9",
        birth_date=one.birth_date.isoformat() if one.birth_date else "",
        phone=one.phone or "",
        ethnicity=one.ethnicity or "",
        nationality=one.nationality or "CHN",
        has_card=has_card,
    )


def _tell_registry(ledger: Ledger, some: list[sandbox.Citizen]) -> None:
    lines = ledger.registry_file.read_bytes().splitlines() if ledger.registry_file.exists() else []
    known = set(lines)
    new = [msgspec.json.encode({"number": one.id_number, "name": one.name}) for one in some]
    ledger.write(ledger.registry_file, b"\n".join([*lines, *(line for line in new if line not in known)]) + b"\n")
