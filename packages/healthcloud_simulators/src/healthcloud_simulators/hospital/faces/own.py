"""The city's own API, HC1-HMAC-SM3."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from healthcloud_simulators.hospital import signing
from healthcloud_simulators.hospital.faces import NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Link, Refused

_OK = range(200, 300)


@dataclass(slots=True)
class Own:
    """Speaks `/api/v1`; `phone` is where a code comes from, which the resident's own phone shows."""

    link: Link
    key: str
    secret: str
    phone: Any = None
    name: str = "own"
    _codes: dict[str, str] = field(default_factory=dict)

    def open_card(self, patient: Patient) -> str:
        """Register 登记 and apply for a card 申请."""
        wish: dict[str, Any] = {"phone": patient.phone or None, "local_number": patient.number, "document_seen": True}
        if patient.id_number:
            issuer = {"issuer": patient.nationality} if patient.id_kind == "03" else {}
            wish["documents"] = [{"kind": patient.id_kind, "number": patient.id_number, **issuer}]
            wish |= {"name": patient.name, "sex": patient.sex, "birth_date": patient.birth_date}
        else:
            mother = self.post("/api/v1/people/lookup", {"kind": "01", "number": patient.mother_id_number})
            born = {"mother_id": mother["person_id"], "born_at": f"{patient.birth_date}T04:00:00Z"}
            wish |= {"sex": patient.sex, "birth": born | {"order": patient.birth_order or 1}}
        if "does-not-bind" in self.link.broken:
            del wish["local_number"]
        wish |= {"ethnicity": patient.ethnicity or None, "nationality": patient.nationality}
        patient.person_id = self.post("/api/v1/people", wish)["person_id"]
        applied = self.post("/api/v1/cards", {"person_id": patient.person_id, "mode": 3} | self._kind(patient))
        return str(applied["card"]["card_id"])

    def code(self, patient: Patient) -> str:
        """Look at the patient's phone, which asks the city by another way in than this machine's."""
        if self.phone is None:
            raise NotOffered
        return str(self.phone.code(patient))

    def scan(self, code: str, place: Place) -> Scanned:
        """Scan 扫码."""
        wish = {"code": code, "terminal": place.terminal_id or place.terminal_code, "scene": place.scene}
        told = self.post("/api/v1/cards/verify", wish)
        person = told.get("person", {})
        return Scanned(
            str(person.get("name", "")),
            str(told.get("card", {}).get("id", "")),
            str(told.get("local_number") or ""),
            bool(told.get("use", {}).get("repeat")),
            told,
        )

    def bind(self, patient: Patient, code: str) -> None:
        """Link a patient number 关联患者号."""
        del code
        if not patient.person_id:
            wish = {"kind": patient.id_kind, "number": patient.id_number}
            patient.person_id = self.post("/api/v1/people/lookup", wish)["person_id"]
        self._call("PUT", f"/api/v1/people/{patient.person_id}/local-numbers", {"number": patient.number})

    def correct(self, patient: Patient) -> None:
        """Set the phone right; names and numbers go by the record of the index."""
        self._call("PUT", f"/api/v1/people/{patient.person_id}/phone", {"phone": patient.phone or None})

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Our own API counts each scan by itself: there is nothing to upload."""
        return {use.number: "counted-by-scan" for use in uses}

    def post(self, path: str, wish: dict[str, Any]) -> Any:
        """Ask for something; raise Refused, Away."""
        answer = self._call("POST", path, wish)
        if "sends-twice" in self.link.broken and path in ("/api/v1/people", "/api/v1/cards"):
            answer = self._call("POST", path, wish)
        return answer

    def _kind(self, patient: Patient) -> dict[str, str]:
        return {} if patient.id_number else {"kind": "newborn"}

    def _call(self, method: str, path: str, wish: dict[str, Any]) -> Any:
        body = json.dumps(
            {name: value for name, value in wish.items() if value is not None}, ensure_ascii=False
        ).encode()
        timestamp, nonce = str(int(self.link.now())), self.link.nonce()
        text = signing.own_string(method, path, timestamp, nonce, body)
        secret = self.secret if "wrong-signature" not in self.link.broken else "AAAA" + self.secret[4:]
        if "signs-before-encoding" in self.link.broken:
            body = json.dumps(wish, indent=1).encode()
        headers = {
            "Authorization": signing.own_header(self.key, secret, text, timestamp, nonce),
            "Content-Type": "application/json",
            "Idempotency-Key": secrets.token_hex(16),
        }
        answer = self.link.send(method, path, body, headers, signed=text)
        told = answer.json() if answer.content else {}
        if answer.status_code not in _OK:
            raise Refused(str(told.get("code", answer.status_code)), str(told.get("title_zh", "")))
        return told
