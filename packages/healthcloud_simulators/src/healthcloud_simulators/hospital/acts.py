"""What can be asked of this hospital by `POST /do`: one function for each act, by the name conformance gives it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from healthcloud_simulators.hospital import dictionaries
from healthcloud_simulators.hospital.book import Book
from healthcloud_simulators.hospital.faces import Face, NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import NAMES, Away, Broken, Link, Refused

Wish = dict[str, Any]
_DAY = 24 * 3600
_STEPS = ("window", "doctor", "laboratory", "cashier", "pharmacy")


@dataclass(slots=True)
class Hospital:
    """One hospital: its book, its wire, its faces, its desks by 诊疗环节."""

    link: Link
    faces: dict[str, Face]
    desks: dict[str, Place]
    book: Book = field(default_factory=Book)

    @property
    def broken(self) -> Broken:
        """Which rules it breaks."""
        return self.link.broken

    def do(self, wish: Wish) -> dict[str, Any]:
        """Carry an act out: `{"act", "ok", "result" | "refused" | "away", "sent"}`."""
        name = str(wish.get("act", ""))
        act = ACTS.get(name)
        if act is None:
            return {"act": name, "ok": False, "unknown": sorted(ACTS)}
        told: dict[str, Any] = {"act": name, "ok": True}
        try:
            told["result"] = act(self, wish)
        except Refused as refused:
            told |= {"ok": "ignores-refusal" in self.broken, "refused": refused.code, "sentence": refused.sentence}
        except Away as away:
            told |= {"ok": False, "away": str(away), "kept": self._keep_for_later(wish)}
        except NotOffered:
            told |= {"ok": False, "not_offered": True}
        except (KeyError, TypeError, ValueError, StopIteration) as fault:
            told |= {"ok": False, "fault": f"{type(fault).__name__}: {fault}"}
        self.book.keep()
        return told | {"sent": self.link.take_sent()}

    def face(self, wish: Wish) -> Face:
        """Return the way in an act is to go."""
        return self.faces[str(wish.get("face", "own"))]

    def patient(self, wish: Wish) -> Patient:
        """Return a patient by this hospital's number."""
        return self.book.patients[str(wish["patient"])]

    def place(self, wish: Wish) -> Place:
        """Return where in the hospital an act happens."""
        scene, department = dictionaries.ROOMS[str(wish.get("room", "window"))]
        desk = self.desks.get(scene) or next(iter(self.desks.values()))
        return replace(desk, scene=scene, department=department)

    def _keep_for_later(self, wish: Wish) -> bool:
        if "loses-queue" in self.broken or wish.get("act") in ("send-kept", "scan", "day"):
            return False
        self.book.waiting.append(dict(wish))
        return True


def open_card(hospital: Hospital, wish: Wish) -> Wish:
    """File a patient and open their card: `person` as the city's citizens are told, `face`."""
    said = wish["person"]
    careless = "wrong-person-at-twins" in hospital.broken
    found = hospital.book.patient_of(said["name"], said["birth_date"], said["id_number"], by_name=careless)
    patient = found or Patient(
        hospital.book.new_number(),
        said["name"],
        said["id_kind"],
        said["id_number"],
        said["sex"],
        said["birth_date"],
        said.get("phone", ""),
        "01" if "defaults-ethnicity" in hospital.broken else said.get("ethnicity", ""),
        said.get("nationality", "CHN"),
        mother_id_number=said.get("mother_id_number", ""),
        birth_order=said.get("birth_order", 0),
    )
    patient.card_id = hospital.face(wish).open_card(patient)
    hospital.book.patients[patient.number] = patient
    return _told(patient)


def show_code(hospital: Hospital, wish: Wish) -> Wish:
    """Look at the code on the patient's phone."""
    return {"code": hospital.face(wish).code(hospital.patient(wish))}


def scan(hospital: Hospital, wish: Wish) -> Wish:
    """Scan a code (`code`, else the patient's of now) in a `room`, and note the use."""
    patient = hospital.book.patients.get(str(wish.get("patient", "")))
    face, place = hospital.face(wish), hospital.place(wish)
    code = str(wish.get("code") or face.code(hospital.patient(wish)))
    found = face.scan(code, place)
    card_id = found.card_id or (patient.card_id if patient else "")
    use = Use(hospital.book.new_number("U"), card_id, code, _clock(hospital), place)
    hospital.book.uses.append(use)
    return _seen(found) | {"use": use.number, "room": wish.get("room", "window"), "code": code}


def register(hospital: Hospital, wish: Wish) -> Wish:
    """Register at the window 挂号: scan, then link this hospital's number to the card."""
    told = scan(hospital, wish | {"room": "window"})
    if "does-not-bind" not in hospital.broken and "patient" in wish:
        try:
            hospital.face(wish).bind(hospital.patient(wish), told["code"])
        except NotOffered:
            told["bound"] = "not-offered"
        else:
            told["bound"] = hospital.patient(wish).number
    return told


def bind(hospital: Hospital, wish: Wish) -> Wish:
    """Link an old number: `number` becomes this patient's."""
    patient = hospital.patient(wish)
    if "does-not-bind" in hospital.broken:
        return {"bound": ""}
    face = hospital.face(wish)
    old, patient.number = patient.number, str(wish.get("number", patient.number))
    try:
        code = face.code(patient) if face.name == "tencent" else ""
        face.bind(patient, code)
    finally:
        bound, patient.number = patient.number, old
    return {"bound": bound}


def report(hospital: Hospital, wish: Wish) -> Wish:
    """Upload the uses not uploaded yet 用卡上传; `again` uploads all of them once more."""
    uses = [one for one in hospital.book.uses if wish.get("again") or one.number not in hospital.book.reported]
    if "drops-usage" in hospital.broken:
        uses = uses[::2]
    if "uploads-yesterday" in hospital.broken:
        uses = [replace(one, at=_clock(hospital, -_DAY)) for one in uses]
    results = hospital.face(wish).report(uses)
    hospital.book.reported |= set(results)
    return {"uploaded": len(results), "results": results}


def correct(hospital: Hospital, wish: Wish) -> Wish:
    """Set something of a patient right: `name` or `phone`."""
    patient = hospital.patient(wish)
    before = patient.card_id
    for name in ("name", "phone"):
        if name in wish:
            setattr(patient, name, str(wish[name]))
    hospital.face(wish).correct(patient)
    return _told(patient) | {"same_card": patient.card_id == before}


def newborn(hospital: Hospital, wish: Wish) -> Wish:
    """Open a card for a newborn by its mother, a patient here: `mother`, `sex`, `birth_date`, `order`."""
    mother = hospital.book.patients[str(wish["mother"])]
    if "registers-newborn-as-mother" in hospital.broken:
        return _told(mother)
    person = {
        "name": f"{mother.name}之{'子' if wish.get('sex') == '1' else '女'}",
        "id_kind": "",
        "id_number": "",
        "sex": wish.get("sex", "2"),
        "birth_date": wish["birth_date"],
        "ethnicity": mother.ethnicity,
        "mother_id_number": mother.id_number,
        "birth_order": int(wish.get("order", 1)),
    }
    return open_card(hospital, wish | {"person": person})


def twins(hospital: Hospital, wish: Wish) -> Wish:
    """Open cards for two who are much alike: `persons`; two people must have two cards."""
    told = [open_card(hospital, wish | {"person": person}) for person in wish["persons"]]
    return {"patients": told, "apart": len({one["card_id"] for one in told}) == len(told)}


def replay(hospital: Hospital, wish: Wish) -> Wish:
    """Send a request again as it was, nonce and all: `{"refused"}` is what the city should say."""
    hospital.broken.names.add("reuses-nonce")
    try:
        person = wish["person"]
        open_card(hospital, wish | {"person": person})
        return {"first": "taken", "second": _attempt(hospital, wish | {"person": person})}
    finally:
        hospital.broken.names.discard("reuses-nonce")


def skewed_clock(hospital: Hospital, wish: Wish) -> Wish:
    """Ask with a clock that is `seconds` off; `{"refused"}` is what the city should say."""
    before = set(hospital.broken.names), hospital.broken.skew_seconds
    hospital.broken.names.add("wrong-clock")
    hospital.broken.skew_seconds = int(wish.get("seconds", 600))
    try:
        return {"told": _attempt(hospital, wish)}
    finally:
        hospital.broken.names, hospital.broken.skew_seconds = before


def unplug(hospital: Hospital, wish: Wish) -> Wish:
    """Take the cable out, or put it back in: `down`."""
    hospital.link.down = bool(wish.get("down", True))
    return {"down": hospital.link.down, "waiting": len(hospital.book.waiting)}


def send_kept(hospital: Hospital, _: Wish) -> Wish:
    """Send what was kept while the platform was down, in order; what is still not taken stays."""
    waiting, hospital.book.waiting = hospital.book.waiting, []
    results: list[Wish] = []
    for n, kept in enumerate(waiting):
        try:
            results.append({"act": kept["act"], "result": ACTS[kept["act"]](hospital, kept)})
        except Away:
            hospital.book.waiting = waiting[n:]
            break
        except Refused as refused:
            results.append({"act": kept["act"], "refused": refused.code})
    return {"sent": len(results), "left": len(hospital.book.waiting), "results": results}


def day(hospital: Hospital, wish: Wish) -> Wish:
    """Live a whole day: open cards for `persons`, scan each in every room, link numbers, upload the uses."""
    counts = {"cards": 0, "scans": 0, "bound": 0}
    for person in wish["persons"]:
        patient = open_card(hospital, wish | {"person": person})
        counts["cards"] += 1
        asked = wish | {"patient": patient["patient"]}
        for room in _STEPS[:1] if "ignores-second-scan" in hospital.broken else _STEPS:
            told = (register if room == "window" else scan)(hospital, asked | {"room": room})
            counts["scans"] += 1
            counts["bound"] += told.get("bound") == patient["patient"]
    return counts | {"report": report(hospital, wish)}


ACTS: dict[str, Callable[[Hospital, Wish], Wish]] = {
    "open-card": open_card,
    "foreigner": open_card,
    "show-code": show_code,
    "scan": scan,
    "register": register,
    "bind-number": bind,
    "report-usage": report,
    "correct": correct,
    "newborn": newborn,
    "twins": twins,
    "replay": replay,
    "skewed-clock": skewed_clock,
    "platform-down": unplug,
    "send-kept": send_kept,
    "day": day,
}


def break_rules(broken: Broken, names: list[str]) -> list[str]:
    """Break exactly these rules from now on; return those that are no rule."""
    broken.names = {name for name in names if name in NAMES}
    return [name for name in names if name not in NAMES]


def _attempt(hospital: Hospital, wish: Wish) -> str:
    try:
        open_card(hospital, wish)
    except Refused as refused:
        return refused.code
    return "taken"


def _told(patient: Patient) -> Wish:
    return {"patient": patient.number, "card_id": patient.card_id, "person_id": patient.person_id}


def _seen(found: Scanned) -> Wish:
    return {
        "name": found.name,
        "card_id": found.card_id,
        "local_number": found.local_number,
        "repeat": found.repeat,
    }


def _clock(hospital: Hospital, more: float = 0) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(hospital.link.now() + 8 * 3600 + more))
