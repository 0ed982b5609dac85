"""
Which institutions the demonstration city has: the same ones every time, from data/demonstration.

Pure but for reading two files. Every name ends in the mark （演示）; every number is invented, of a range that is given
to nobody, and has valid check digits.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from healthcloud import institutions

# The checkout's folder; an installed package is told its folder.
DEMONSTRATION = Path(__file__).parents[4] / "data" / "demonstration"
OPENED_ON = date(2020, 1, 1)
FIRST_LICENCE = 90_000
FIRST_HOSPITAL_ID = 90_000
STREET, TOWN_KINDS = "street", ("town", "zone")


class TerminalOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A terminal of a profile; `department` is a standard code of the same profile."""

    name: str
    kind: str
    department: str
    scene: str


class PostOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post of a profile."""

    department: str
    title: str


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What institutions of a kind have; departments by standard code."""

    departments: dict[str, str]
    terminals: tuple[TerminalOf, ...]
    posts: tuple[PostOf, ...]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_code": "class"}):
    """An institution that city.toml names."""

    name: str
    street: str
    class_code: str
    profile: str
    level: str | None = None
    ownership: str = "1"
    fever_clinic: bool = False


class CityFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of city.toml."""

    mark: str
    stations_per_street: int
    clinics_per_town: int
    central_town_every: int
    village_heads: tuple[str, ...]
    village_stems: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    profiles: dict[str, Profile]
    institutions: tuple[Named, ...]


class Division(msgspec.Struct, frozen=True):
    """A row of districts-and-streets.csv."""

    code: str
    name: str
    parent: str
    kind: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One institution to be: `number` counts them from 1, `parent` is the number of the one it is a part of."""

    number: int
    particulars: institutions.Particulars
    numbers: tuple[institutions.OutsideNumber, ...]
    profile: Profile
    parent: int | None = None


def plan_city(folder: Path = DEMONSTRATION) -> tuple[CityFile, list[Planned]]:
    """Return the file and every institution it makes: the named ones, then each street's and town's."""
    with (folder / "city.toml").open("rb") as toml:
        city = msgspec.convert(tomllib.load(toml), CityFile)
    with (folder / "districts-and-streets.csv").open(encoding="utf-8", newline="") as sheet:
        divisions = [msgspec.convert(row, Division) for row in csv.DictReader(sheet)]
    planner = _Planner(city, {division.code: division.name for division in divisions})
    for named in city.institutions:
        planner.add_named(named)
    for street in (division for division in divisions if division.kind == STREET):
        planner.add_street(street)
    for nth, town in enumerate(division for division in divisions if division.kind in TOWN_KINDS):
        planner.add_town(town, nth)
    return city, planner.planned


class _Planner:
    """Numbers institutions as they are added."""

    def __init__(self, city: CityFile, names: dict[str, str]) -> None:
        self._city = city
        self._names = names
        self.planned: list[Planned] = []

    def add_named(self, named: Named) -> None:
        number, district = len(self.planned) + 1, named.street[:6]
        said = institutions.Particulars(
            name=f"{named.name}{self._city.mark}",
            short_name=named.name,
            class_code=named.class_code,
            ownership_code=named.ownership,
            district_code=district,
            street_code=named.street,
            level_code=named.level,
            address=f"枣庄市{self._names[district]}{self._names[named.street]}演示路{number}号",
            has_fever_clinic=named.fever_clinic,
        )
        hospital = institutions.OutsideNumber(institutions.NumberKind.TENCENT, str(FIRST_HOSPITAL_ID + number))
        profile = self._city.profiles[named.profile]
        self.planned.append(Planned(number, said, (*_numbers(said, number), hospital), profile))

    def add_street(self, street: Division) -> None:
        """A community health centre, and stations that are parts of it."""
        centre = self._add_local(street, "社区卫生服务中心", "B100")
        for place in self._city.neighbourhoods[: self._city.stations_per_street]:
            self._add_local(street, f"{place}社区卫生服务站", "B200", parent=centre)

    def add_town(self, town: Division, nth: int) -> None:
        """A health centre, and village clinics that are parts of it."""
        central = nth % self._city.central_town_every == 0
        name, class_code = ("中心卫生院", "C210") if central else ("卫生院", "C220")
        centre = self._add_local(town, name, class_code, fever_clinic=central)
        heads, stems = self._city.village_heads, self._city.village_stems
        for place in range(self._city.clinics_per_town):
            village = heads[(nth + place) % len(heads)] + stems[(nth * 5 + place) % len(stems)]
            self._add_local(town, f"{village}村卫生室", "D600", parent=centre)

    def _add_local(
        self,
        place: Division,
        name: str,
        class_code: str,
        *,
        parent: int | None = None,
        fever_clinic: bool = False,
    ) -> int:
        number, district = len(self.planned) + 1, self._names[place.parent]
        said = institutions.Particulars(
            name=f"{district}{place.name}{name}{self._city.mark}",
            short_name=f"{place.name}{name}",
            class_code=class_code,
            ownership_code="1",
            district_code=place.parent,
            street_code=place.code,
            address=f"枣庄市{district}{place.name}",
            has_fever_clinic=fever_clinic,
        )
        profile = self._city.profiles["centre" if parent is None else "clinic"]
        self.planned.append(Planned(number, said, _numbers(said, number), profile, parent))
        return number


def _numbers(said: institutions.Particulars, number: int) -> tuple[institutions.OutsideNumber, ...]:
    """Return a licence number (PDY…), a social credit code and a platform code."""
    kinds, checks = institutions.NumberKind, institutions.numbers
    licence, credit = f"PDY{FIRST_LICENCE + number:05d}", f"DEM{number:05d}"
    ws218 = f"{licence}{checks.organisation_check(licence)}{said.district_code}11{said.class_code}1"
    body = f"12{said.district_code}{credit}{checks.organisation_check(credit)}"
    return (
        institutions.OutsideNumber(kinds.WS218, ws218),
        institutions.OutsideNumber(kinds.USCC, body + checks.uscc_check(body)),
        institutions.OutsideNumber(kinds.PLATFORM, f"KGADEMO{number:04d}"),
    )
