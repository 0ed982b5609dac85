"""HL7 v2.4 over MLLP: ADT^A04 at the window, in UTF-8; everything an ACK does not carry goes another way."""

import socket
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from healthcloud_simulators.hospital.faces import Face, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Away, Link, Refused, Sent

START, END = b"\x0b", b"\x1c\r"
SECONDS = 15.0
_SEX = {"1": "M", "2": "F"}
_MOST = 1 << 16
CHARSET = "UNICODE UTF-8"


@dataclass(slots=True)
class Hl7:
    """Sends messages to the city's MLLP port; `other` answers what HL7 has no question for."""

    link: Link
    address: tuple[str, int]
    organisation: str
    other: Face
    name: str = "hl7"
    _numbers: Any = field(default_factory=lambda: count(1))

    def open_card(self, patient: Patient) -> str:
        """Tell of a new outpatient (A04), and ask the other way for the card made ahead."""
        self.tell(patient, "A04")
        return self.other.open_card(patient)

    def code(self, patient: Patient) -> str:
        """Look at the patient's phone."""
        return self.other.code(patient)

    def scan(self, code: str, place: Place) -> Scanned:
        """Scan, the other way."""
        return self.other.scan(code, place)

    def bind(self, patient: Patient, code: str) -> None:
        """An ADT carries our number of the patient in PID-3."""
        del code
        self.tell(patient, "A08")

    def correct(self, patient: Patient) -> None:
        """Tell of what changed (A08)."""
        self.tell(patient, "A08")

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Upload uses, the other way."""
        return self.other.report(uses)

    def tell(self, patient: Patient, event: str, visit: str = "") -> str:
        """Send an ADT and return its MSA-1; raise Refused, Away."""
        control = f"{self.organisation}{int(time.time() * 1000)}{next(self._numbers)}"
        at = time.strftime("%Y%m%d%H%M%S", time.gmtime(self.link.now() + 8 * 3600))
        day = patient.birth_date.replace("-", "")
        identifiers = f"{patient.number}^^^{self.organisation}^PI"
        if patient.id_number:
            identifiers += f"~{patient.id_number}^^^370400^NI"
        message = "\r".join(
            (
                f"MSH|^~\\&|HIS|{self.organisation}|HEALTHCLOUD|CITY|{at}||ADT^{event}|{control}|P|2.4||||||{CHARSET}",
                f"EVN|{event}|{at}",
                f"PID|1||{identifiers}||{patient.name}||{day}|{_SEX.get(patient.sex, 'U')}|||||{patient.phone}",
                f"PV1|1|O|0300^^^{self.organisation}||||||||||||||||{visit or 'V' + patient.number}|" + "|" * 24 + at,
            )
        )
        return self.send(message, control)

    def send(self, message: str, control: str) -> str:
        """Send a message and return MSA-1; raise Refused where it is not AA, Away."""
        if self.link.down:
            raise Away("unplugged")
        frame = START + message.encode() + b"\r" + END
        times = 2 if "sends-twice" in self.link.broken else 1
        try:
            with socket.create_connection(self.address, SECONDS) as wire:
                answers = [_asked(wire, frame) for _ in range(times)]
        except OSError as error:
            raise Away(type(error).__name__) from None
        told = answers[-1]
        self.link.sent.append(Sent("MLLP", f"{self.address[0]}:{self.address[1]}", {}, message, "", 0, told))
        acknowledged = next((line.split("|") for line in told.split("\r") if line.startswith("MSA")), ["", "", ""])
        if acknowledged[2:3] != [control]:
            raise Refused("answer-not-ours", "MSA-2 不是所发消息的编号")
        if acknowledged[1] not in ("AA", "CA"):
            raise Refused(acknowledged[1], told)
        return acknowledged[1]


def _asked(wire: socket.socket, frame: bytes) -> str:
    wire.sendall(frame)
    answer = b""
    while not answer.endswith(END) and len(answer) < _MOST:
        part = wire.recv(4096)
        if not part:
            break
        answer += part
    return answer.strip(START + END).decode("utf-8", "replace")
