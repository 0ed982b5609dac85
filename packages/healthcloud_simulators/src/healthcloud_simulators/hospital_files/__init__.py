"""Files of invented hospitals about invented persons, with labels: which rows are one person; all from a seed."""

from healthcloud_simulators.hospital_files.persons import Known, Likeness, Person, Town, town
from healthcloud_simulators.hospital_files.rows import TUNING_SEEDS, Files, Row, files
from healthcloud_simulators.hospital_files.sheets import FORMS, Form, write_files
from healthcloud_simulators.hospital_files.writing import COUNTER, OLD_SYSTEM, Hand, Writing, write_down

__all__ = [
    "COUNTER",
    "FORMS",
    "OLD_SYSTEM",
    "TUNING_SEEDS",
    "Files",
    "Form",
    "Hand",
    "Known",
    "Likeness",
    "Person",
    "Row",
    "Town",
    "Writing",
    "files",
    "town",
    "write_down",
    "write_files",
]
