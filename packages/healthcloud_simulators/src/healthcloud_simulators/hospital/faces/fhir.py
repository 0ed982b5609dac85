"""FHIR R4, signed as the own API: Patient by conditional create, Encounter; a scan goes the own API's way."""

import json
from dataclasses import dataclass
from typing import Any

from healthcloud_simulators.hospital import signing
from healthcloud_simulators.hospital.faces import Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.faces.own import Own
from healthcloud_simulators.hospital.link import Link, Refused

_SEX = {"1": "male", "2": "female"}
RESIDENT_NUMBER = "urn:oid:2.16.156.10011.1.3"
_OK = range(200, 300)


@dataclass(slots=True)
class Fhir:
    """Speaks FHIR; `own` does what FHIR has no words for: applying for a card, scanning a code."""

    link: Link
    key: str
    secret: str
    own: Own
    institution: str
    name: str = "fhir"

    def open_card(self, patient: Patient) -> str:
        """Create the Patient unless there is one, then apply for the card."""
        content = {
            "resourceType": "Patient",
            "identifier": [
                {"system": f"urn:uuid:{self.institution}", "value": patient.number},
                {"system": RESIDENT_NUMBER, "value": patient.id_number},
            ],
            "name": [{"text": patient.name}],
            "gender": _SEX.get(patient.sex, "unknown"),
            "birthDate": patient.birth_date,
            "telecom": [{"system": "phone", "value": patient.phone}] if patient.phone else [],
        }
        unless = {"If-None-Exist": f"identifier=urn:uuid:{self.institution}|{patient.number}"}
        made = self.ask("POST", "/fhir/Patient", content, unless)
        patient.person_id = _person_of(made)
        # The clerk has the document in hand, which FHIR has no word for: without it nobody is given a card.
        return self.own.open_card(patient)

    def code(self, patient: Patient) -> str:
        """Look at the patient's phone."""
        return self.own.code(patient)

    def scan(self, code: str, place: Place) -> Scanned:
        """Scan 扫码, by the own API."""
        return self.own.scan(code, place)

    def bind(self, patient: Patient, code: str) -> None:
        """Link a patient number, by the own API."""
        self.own.bind(patient, code)

    def correct(self, patient: Patient) -> None:
        """Set the phone right, by the own API."""
        self.own.correct(patient)

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Scans are counted by themselves."""
        return self.own.report(uses)

    def ask(self, method: str, path: str, content: dict[str, Any], more: dict[str, str] | None = None) -> Any:
        """Ask for an interaction; raise Refused, Away."""
        body = json.dumps({name: value for name, value in content.items() if value}, ensure_ascii=False).encode()
        timestamp, nonce = str(int(self.link.now())), self.link.nonce()
        text = signing.own_string(method, path, timestamp, nonce, body)
        secret = self.secret if "wrong-signature" not in self.link.broken else "AAAA" + self.secret[4:]
        headers = {
            "Authorization": signing.own_header(self.key, secret, text, timestamp, nonce),
            "Content-Type": "application/fhir+json",
            **(more or {}),
        }
        answer = self.link.send(method, path, body, headers, signed=text)
        told = answer.json() if answer.content else {}
        if answer.status_code not in _OK:
            issue = (told.get("issue") or [{}])[0]
            raise Refused(str(issue.get("code", answer.status_code)), str(issue.get("diagnostics", "")))
        return told


def _person_of(made: dict[str, Any]) -> str:
    """Return the person our record belongs to: its link of type refer; the record itself where it has none."""
    links = [one["other"]["reference"] for one in made.get("link", ()) if one["type"] == "refer"]
    return str(links[0] if links else made["id"]).rpartition("/")[2]
