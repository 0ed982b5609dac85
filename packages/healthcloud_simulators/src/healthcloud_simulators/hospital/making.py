"""A hospital put together from what the city gave it: its keys' file."""

import json
from pathlib import Path
from typing import Any

from healthcloud_simulators.hospital.acts import Hospital
from healthcloud_simulators.hospital.book import Book
from healthcloud_simulators.hospital.faces import Face, Place
from healthcloud_simulators.hospital.faces.family_b import FamilyB
from healthcloud_simulators.hospital.faces.family_c import FamilyC
from healthcloud_simulators.hospital.faces.fhir import Fhir
from healthcloud_simulators.hospital.faces.hl7 import Hl7
from healthcloud_simulators.hospital.faces.own import Own
from healthcloud_simulators.hospital.faces.shandong import Shandong
from healthcloud_simulators.hospital.faces.tencent import Tencent
from healthcloud_simulators.hospital.link import Link


def hospital_of(city: str, mllp: str, given: dict[str, Any], folder: Path | None) -> Hospital:
    """Return the hospital whose keys and desks these are."""
    link = Link(city)
    hc1 = next(key for key in given["keys"] if "own" in key["ways"])
    app = next(key for key in given["keys"] if "family-c" in key["ways"])
    one, many = (hc1["app_id"], hc1["secret"]), (app["app_id"], app["secret"])
    family_c = FamilyC(link, *many)
    own = Own(link, *one, phone=family_c)
    host, _, port = mllp.rpartition(":")
    faces: list[Face] = [
        own,
        FamilyB(link, *many, organisation=given["code"]),
        family_c,
        Tencent(link, *many, hospital=given["code"]),
        Shandong(link, *many, other=family_c),
        Fhir(link, *one, own=own, institution=given["institution_id"]),
        Hl7(link, (host, int(port)), given["code"], own),
    ]
    return Hospital(link, {face.name: face for face in faces}, _desks(given["desks"]), Book.open(folder))


def hospital_from(keys: Path, number: int, city: str, mllp: str, folder: Path | None) -> Hospital:
    """Return a hospital by its number in the keys' file."""
    return hospital_of(city, mllp, json.loads(keys.read_text("utf-8"))[number - 1], folder)


def _desks(given: list[dict[str, str]]) -> dict[str, Place]:
    """Return one desk for each step of treatment."""
    desks: dict[str, Place] = {}
    for one in given:
        desks.setdefault(one["scene"], Place(one["scene"], one["terminal_code"], one["id"]))
    return desks
