"""The Shandong hospital side, 2023: three calls, answered `Flag^Msg^姓名|手机号|证件类型|证件号码|卡号`."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from healthcloud_simulators.hospital.faces import Face, NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Link, Refused

PREFIX = "/hospital/"
YES = "0"
_FIELDS = 5


@dataclass(slots=True)
class Shandong:
    """Speaks the three calls of the hospital side; `other` opens cards, which that side has no call for."""

    link: Link
    key: str
    secret: str
    other: Face
    name: str = "shandong"

    def open_card(self, patient: Patient) -> str:
        """Open a card, the other way."""
        return self.other.open_card(patient)

    def code(self, patient: Patient) -> str:
        """Look at the patient's phone; GetQrCodeByIdCard gives the printed code, which needs a second fact."""
        return self.other.code(patient)

    def printed_code(self, patient: Patient) -> str:
        """GetQrCodeByIdCard: the static code, for a label."""
        return self.ask("GetQrCodeByIdCard", {"idNo": patient.id_number})[0]

    def scan(self, code: str, place: Place) -> Scanned:
        """GetPatInfoByQrCode."""
        wish = {"qr": code, "medStepCode": place.scene, "deptCode": place.terminal_code}
        told = self.ask("GetPatInfoByQrCode", wish)
        name, _phone, _kind, _number, card_id = (told[0].split("|") + [""] * _FIELDS)[:_FIELDS]
        return Scanned(name, card_id, more={"answer": told[0]})

    def bind(self, patient: Patient, code: str) -> None:
        """The hospital side has no call that links a number."""
        del patient, code
        raise NotOffered

    def correct(self, patient: Patient) -> None:
        """Correct, the other way."""
        self.other.correct(patient)

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Each scan counts by itself."""
        return {use.number: "counted-by-scan" for use in uses}

    def ask(self, method: str, wish: dict[str, Any]) -> list[str]:
        """Ask for something, and return what stands behind Flag and Msg; raise Refused, Away."""
        body = json.dumps(wish, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"} | self._proof()
        answer = self.link.send("POST", f"{PREFIX}{method}", body, headers)
        flag, message, *rest = answer.text.strip().strip('"').split("^")
        if flag != YES:
            raise Refused(flag, message)
        return rest

    def _proof(self) -> dict[str, str]:
        """Name the app by HTTP Basic: this side signs nothing."""
        told = f"{self.key}:{self.link.secret(self.secret)}".encode()
        return {"Authorization": f"Basic {b64encode(told).decode()}"}
