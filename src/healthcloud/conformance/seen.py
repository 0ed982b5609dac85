"""What a hospital did, read from the journal's calls of each face into one form; pure."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from healthcloud import gateway, sandbox

OWN, FAMILY_C = "own", "family-c"
_YES = ("10", "200", "10000")


@dataclass(frozen=True, slots=True)
class Seen:
    """
    One thing a hospital did, and whether the city took it.

    `deed`: register, card, scan, bind, correct, use, other. `code` is the problem's code of a refusal. `facts` are
    texts by name: number, kind, ethnicity, mother, card, person, scene, local, phone, at, use.
    """

    call: str
    deed: str
    ok: bool
    code: str
    status: int = 200
    nonce: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def seen_of(call: sandbox.Call) -> list[Seen]:
    """Return what one call did; something of every call, be it `other`."""
    read = FACES.get(call.face)
    try:
        found = [] if read is None else list(read(call))
    except (AttributeError, IndexError, KeyError, TypeError):
        found = []  # JSON of another shape than the interface has
    return found or [Seen(str(call.id), "other", ok=False, code=call.outcome, status=call.status)]


def _own(call: sandbox.Call) -> Iterator[Seen]:
    asked, told = _object(call.asked), _object(call.told)
    deed = _own_deed(call.method, call.target.partition("?")[0])
    lines = sandbox.text_of(call.signed or b"").split("\n")
    facts = {name: str(value) for name, value in _own_facts(deed, call.target, asked, told).items() if value}
    ok = 200 <= call.status < 300  # noqa: PLR2004 - HTTP's success
    code = "" if ok else str(told.get("code", call.outcome))
    nonce = lines[3] if len(lines) > 3 else ""  # noqa: PLR2004 - the fourth of HC1's five lines
    yield Seen(str(call.id), deed, ok, code, call.status, nonce, facts)


def _own_deed(method: str, path: str) -> str:
    exact = {"/api/v1/people": "register", "/api/v1/cards": "card", "/api/v1/cards/verify": "scan"}
    if method == "POST" and path in exact:
        return exact[path]
    if method == "PUT" and path.endswith("/local-numbers"):
        return "bind"
    return "correct" if method == "PUT" and path.endswith("/phone") else "other"


def _own_facts(deed: str, target: str, asked: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    match deed:
        case "register":
            document = (asked.get("documents") or [{}])[0]
            mother = (asked.get("birth") or {}).get("mother_id")
            names = ("ethnicity", "nationality", "phone")
            facts = {"number": document.get("number"), "kind": document.get("kind"), "mother": mother}
            return facts | {name: asked.get(name) for name in names} | {"person": told.get("person_id")}
        case "card":
            return {"person": asked.get("person_id"), "card": (told.get("card") or {}).get("card_id")}
        case "scan":
            card = (told.get("card") or {}).get("id")
            return {"scene": asked.get("scene"), "card": card, "local": told.get("local_number")}
        case "bind":
            return {"person": target.split("/")[4], "local": asked.get("number")}
        case "correct":
            return {"person": target.split("/")[4], "phone": asked.get("phone")}
    return {}


def _family_c(call: sandbox.Call) -> Iterator[Seen]:
    text = sandbox.text_of(call.signed or b"")
    method = _between(text, "&method=", "&")
    asked = _object(_between(text, "biz_content=", "&digest_type=").encode())
    envelope = _object(call.told)
    told = _opened(envelope, text.rpartition("app_secret=")[2])
    ok = str(envelope.get("code")) in _YES
    code = "" if ok else str(told.get("error_code") or envelope.get("error_code") or envelope.get("code", ""))
    for deed, facts, row_ok in _family_c_deeds(method, asked, told):
        said = {name: str(value) for name, value in facts.items() if value}
        yield Seen(str(call.id), deed, ok and row_ok, code, call.status, "", said)


def _family_c_deeds(
    method: str, asked: dict[str, Any], told: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    card, rows = told.get("ehealth_card_id"), zip_rows(asked, told)
    match method:
        case "ehc.ehealthcard.register":
            facts = {"number": asked.get("id_no"), "kind": asked.get("id_type"), "ethnicity": asked.get("nation")}
            facts |= {"nationality": asked.get("nationality"), "phone": asked.get("cellphone")}
            yield "register", facts | {"person": told.get("empi"), "local": asked.get("patient_no")}, True
            yield "card", {"person": told.get("empi"), "card": card}, True
        case "ehc.ehealthcode.verify":
            yield "scan", {"scene": asked.get("medstepcode"), "card": card, "local": told.get("local_number")}, True
        case "ehc.outpatient.add" | "ehc.inpatient.add":
            for row, answer in rows:
                facts = {"card": row.get("ehealth_card_id"), "local": row.get("patient_no")}
                yield "bind", facts, str(answer.get("code")) in _YES
        case "ehc.ehealthcard.modify":
            yield "correct", {"card": asked.get("ehealth_card_id"), "phone": asked.get("cellphone")}, True
        case "ehc.ehealthcode.usecarddate":
            for row, answer in rows:
                facts = {"card": row.get("ehealthCardId"), "scene": row.get("medstepcode"), "at": row.get("useTime")}
                yield "use", facts | {"use": row.get("use_no")}, not answer.get("error_code")
        case _:
            yield "other", {"method": method}, True


def zip_rows(asked: dict[str, Any], told: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair each row of a list with the answer to it; an empty answer where there is none."""
    answers = told.get("list") or []
    return [(row, answers[n] if n < len(answers) else {}) for n, row in enumerate(asked.get("list") or [])]


def _opened(envelope: dict[str, Any], secret: str) -> dict[str, Any]:
    content = envelope.get("biz_content")
    if not isinstance(content, str):
        return content if isinstance(content, dict) else {}
    try:
        return _object(gateway.opened_family_c(secret, content) if envelope.get("enc_type") else content.encode())
    except ValueError:
        return {}


def _between(text: str, start: str, end: str) -> str:
    _, found, rest = text.partition(start)
    return rest.partition(end)[0] if found else ""


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


FACES: dict[str, Callable[[sandbox.Call], Iterator[Seen]]] = {OWN: _own, FAMILY_C: _family_c}
