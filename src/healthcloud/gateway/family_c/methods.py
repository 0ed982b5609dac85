"""Every method of family C: its fields to an errand of the neutral core, and the answer in its names."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from healthcloud import cards
from healthcloud.gateway import neutral
from healthcloud.gateway.family_c.task import Task, terminal_of
from healthcloud.gateway.family_c.telling import add_inpatient, add_outpatient, usecarddate
from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import CardHeld, CodeKind, Document, Whose

VERIFY = "ehc.ehealthcode.verify"


async def register(task: Task) -> object:
    """申请注册; the same register_no with the same content is carried out once."""
    read, words = task.fields, task.words
    errand = task.by("register_no")
    kind, number = read.need("id_type"), read.need("id_no", longest=64)
    nationality = words.nationality(read.text("nationality"))
    read.moment("register_time")
    mode = _mode(read)
    birth_date, sex = read.day("birthday"), words.sex(read.text("gender"))
    wish = neutral.CardWish(
        name=read.need("name", longest=150),
        documents=(Document(words.document(kind), number, nationality),),
        sex=sex,
        birth_date=birth_date,
        ethnicity=words.ethnicity(read.text("nation")),
        nationality=nationality,
        phone=read.text("cellphone", longest=32) or read.text("telephone", longest=32),
        mode=mode,
    )
    read.check()
    return _held(await neutral.apply(task.core, errand, wish))


async def modify(task: Task) -> object:
    """信息变更, by ehealth_card_id; the card keeps its id."""
    read, words = task.fields, task.words
    kind, number = read.text("id_type"), read.text("id_no", longest=64)
    nationality = words.nationality(read.text("nationality"))
    wish = neutral.ChangeWish(
        name=read.text("name", longest=150),
        sex=words.sex(read.text("gender")),
        birth_date=read.day("birthday"),
        ethnicity=words.ethnicity(read.text("nation")),
        nationality=nationality,
        phone=read.text("cellphone", longest=32),
        document=Document(words.document(kind), number, nationality) if kind and number else None,
    )
    whose = Whose(card_id=read.need("ehealth_card_id", longest=64))
    alter_time = read.text("alterTime")
    read.check()
    # Whoever sends a second change of one card within one second of their own means the same one.
    serial = read.text("alter_no") or (f"{whose.card_id} {alter_time}" if alter_time else None)
    return _held(await neutral.change(task.core, replace(task.errand, serial=serial), whose, wish))


async def regquery(task: Task) -> object:
    """注册查询: whether somebody has a card, by document."""
    whose = _whose(task)
    found = await neutral.is_registered(task.core, task.errand, whose)
    if found is None:
        return {"registered": "0"}
    held = await neutral.find(task.core, task.errand, Whose(person_id=found))
    return {"registered": "1", **_person(task, held)}


async def query(task: Task) -> object:
    """信息查询, by ehealth_card_id or document."""
    return _person(task, await neutral.find(task.core, task.errand, _whose(task)))


async def generate(task: Task) -> object:
    """申领二维码: ewmbs 0 dynamic, 1 static."""
    return await _code(task, task.fields.need("ehealth_card_id", longest=64), "ewmbs")


async def apply_code(task: Task) -> object:
    """申领二维码, with the names of its newer form."""
    return await _code(task, task.fields.need("ehealthCardId", longest=64), "qrType")


async def verify(task: Task) -> object:
    """二维码验证."""
    read = task.fields
    code = read.need("ehealth_code", longest=1024)
    scan = neutral.Scan(
        code,
        task.words.scene(read.text("medstepcode", longest=16)),
        terminal_of(read.text("terminalcode", longest=64)),
        read.text("id_no_last4", longest=4),
        read.text("check_name", longest=150),
    )
    read.check()
    found = await neutral.scan(task.core, task.errand.caller, scan)
    person = found.person
    return {
        "ehealth_card_id": found.card.id,
        "empi": person.id,
        "name": person.name,
        "gender": task.words.told("sex", person.sex),
        "id_type": task.words.told("identity-document-kind", person.document_kind),
        "id_no": person.document_number,
        "birthday": person.birth_date,
        "cellphone": person.phone,
        "local_number": found.local_number,
        "masked": "1" if person.masked else "0",
        "use_id": found.use.id,
        "repeat": "1" if found.use.repeat else "0",
        "warnings": found.warnings,
    }


async def close(task: Task) -> object:
    """注销, on the holder's word."""
    card_id = task.fields.need("ehealth_card_id", longest=64)
    errand = task.by("revoke_no")
    task.fields.moment("revoke_time")
    task.fields.check()
    return _held(await neutral.cancel(task.core, errand, Whose(card_id=card_id)))


async def queryorg(task: Task) -> object:
    """机构查询, by any number of the institution; its secret is given out by the city's console only."""
    number = task.fields.need("orgcode", longest=64)
    task.fields.check()
    found = await neutral.organisation(task.core, number)
    return {
        "orgname": found.name,
        "orgcode": found.number,
        "orglevel": found.level_code,
        "orgproperty": found.class_code,
        "orgaddr": found.district_code,
        "valid": "1" if found.is_open else "0",
    }


Method = Callable[[Task], Awaitable[object]]
METHODS: Mapping[str, Method] = {
    "ehc.ehealthcard.register": register,
    "ehc.ehealthcard.modify": modify,
    "ehc.ehealthcard.regquery": regquery,
    "ehc.ehealthcode.query": query,
    "ehc.ehealthcode.generate": generate,
    "ehc.ehealthcode.apply.ex": apply_code,
    VERIFY: verify,
    "ehc.ehealthcard.close": close,
    "ehc.ehealthcard.delete": close,
    "ehc.ehealthcode.usecarddate": usecarddate,
    "ehc.ehealthcode.queryorg": queryorg,
    "ehc.outpatient.add": add_outpatient,
    "ehc.inpatient.add": add_inpatient,
}


async def _code(task: Task, card_id: str, kind_field: str) -> object:
    kind = task.fields.text(kind_field) or CodeKind.DYNAMIC
    if kind not in {"0", "1"}:
        task.fields.fault(kind_field, "must be 0 or 1", "应为 0（动态）或 1（静态）")
    task.fields.check()
    return _shown(await neutral.code(task.core, task.errand, Whose(card_id=card_id), CodeKind(kind)))


def _shown(code: neutral.Code | None) -> dict[str, str | None]:
    if code is None:
        return {}
    seconds = None if code.seconds is None else str(code.seconds)
    return {"ehealth_code": code.text, "ewmbs": code.kind, "valid_seconds": seconds}


def _whose(task: Task) -> Whose:
    """Return by what somebody is asked for: the card, else the document."""
    read = task.fields
    card_id = read.text("ehealth_card_id", longest=64) or read.text("ehealthCardId", longest=64)
    if card_id is not None:
        read.check()
        return Whose(card_id=card_id)
    kind, number = read.need("id_type"), read.need("id_no", longest=64)
    nationality = task.words.nationality(read.text("nationality"))
    read.check()
    return Whose(document=Document(task.words.document(kind), number, nationality))


def _mode(read: Fields) -> cards.Mode:
    """Return 申请方式; apply_type is that of the card's code set."""
    text = read.text("apply_type")
    try:
        return cards.Mode.ONLINE if text is None else cards.Mode(int(text))
    except ValueError:
        read.fault("apply_type", "must be 1–5", "应为 1–5")
        return cards.Mode.ONLINE


def _held(held: CardHeld) -> dict[str, object]:
    return {
        "ehealth_card_id": held.card_id,
        "empi": str(held.person_id),
        "card_status": str(held.status),
        "outcome": held.outcome,
        **_shown(held.code),
    }


def _person(task: Task, held: neutral.PersonHeld) -> dict[str, object]:
    words = task.words
    return {
        "ehealth_card_id": None if held.card is None else held.card.card_id,
        "empi": str(held.person_id),
        "card_status": "5" if held.card is None else str(held.card.status),
        "name": held.name,
        "gender": words.told("sex", held.sex),
        "id_type": words.told("identity-document-kind", held.document_kind),
        "id_no": held.document_number,
        "birthday": held.birth_date,
        "nation": words.told("ethnic-group", held.ethnicity),
        "nationality": held.nationality,
        "cellphone": held.phone,
        "local_number": held.local_number,
        "masked": "1" if held.masked else "0",
    }
