"""Hospitals' files: local numbers of persons, some of them with several, with who each row is (the label)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from healthcloud_simulators.hospital_files.persons import Known, Town, town
from healthcloud_simulators.hospital_files.writing import COUNTER, OLD_SYSTEM, Hand, Writing, write_down

TUNING_SEEDS = range(1000)  # for whoever changes matching; what is promised is measured with others
_SEVERAL_NUMBERS = 0.03  # of persons of a hospital have two local numbers there


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a hospital's file; `person` is the label, never written into the file."""

    hospital: int
    local_number: str
    person: int
    written: Writing


@dataclass(frozen=True, slots=True)
class Files:
    """The rows of each hospital in its order, and the town they are of."""

    town: Town
    hospitals: tuple[tuple[Row, ...], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return all rows, hospital by hospital."""
        return tuple(row for rows in self.hospitals for row in rows)


def files(
    seed: int, rows: int, common: int, known: Iterable[Known] = (), hands: Sequence[Hand] = (COUNTER, OLD_SYSTEM)
) -> Files:
    """Return two hospitals' files of `rows` rows together, with `common` persons in both; the known are shared out."""
    chance = Random(f"{seed} rows")  # noqa: S311 - the same every time is the point
    numbers = int(rows / (1 + _SEVERAL_NUMBERS))
    built = town(seed, numbers - common, known)
    keys = [person.key for person in built.persons]
    chance.shuffle(keys)
    both, alone = keys[:common], keys[common:]
    middle = len(alone) * 11 // 20
    patients = ([*both, *alone[:middle]], [*both, *alone[middle:]])
    extra = rows - sum(len(part) for part in patients)
    twice = (chance.choices(patients[0], k=extra // 2), chance.choices(patients[1], k=extra - extra // 2))
    hospitals = []
    for hospital, (once, again, hand) in enumerate(zip(patients, twice, hands, strict=True), 1):
        order = once + again
        chance.shuffle(order)
        hospitals.append(
            tuple(
                Row(hospital, f"{hospital}{line:08d}", key, write_down(chance, hand, built.persons[key], built.persons))
                for line, key in enumerate(order, 1)
            )
        )
    return Files(built, tuple(hospitals))
