"""The demonstration city: Zaozhuang's real districts, streets and towns, with invented institutions and people."""

from healthcloud.server.demonstration.addresses import Addresses, must_be_free, read_addresses, simulators
from healthcloud.server.demonstration.city import CityLoaded, load_city
from healthcloud.server.demonstration.hospitals import Machine, enrolment_code, find_hospitals, read_machine
from healthcloud.server.demonstration.ledger import Ledger
from healthcloud.server.demonstration.loading import Demonstration, load_demonstration
from healthcloud.server.demonstration.patients import write_patient_files
from healthcloud.server.demonstration.residents import MOST, registrations, resident
from healthcloud.server.demonstration.staff import Member, read_staff

__all__ = [
    "MOST",
    "Addresses",
    "CityLoaded",
    "Demonstration",
    "Ledger",
    "Machine",
    "Member",
    "enrolment_code",
    "find_hospitals",
    "load_city",
    "load_demonstration",
    "must_be_free",
    "read_addresses",
    "read_machine",
    "read_staff",
    "registrations",
    "resident",
    "simulators",
    "write_patient_files",
]
