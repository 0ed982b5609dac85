"""Every method of family B: its fields to an errand of the neutral core, and the answer in its names."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from uuid import UUID

from healthcloud import cards
from healthcloud.core.clock import SHANGHAI
from healthcloud.gateway import neutral
from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import CardHeld, Child, Core, Document, Errand, Whose
from healthcloud.gateway.words import Words

VERIFY = "getPersonInfoByQrCode"
CHILD_WITHOUT_DOCUMENT = "2"
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Task:
    """One request to be carried out."""

    core: Core
    errand: Errand
    fields: Fields
    words: Words

    @property
    def once(self) -> Errand:
        """Return the errand with appRecordNo, the caller's own number of this request."""
        return replace(self.errand, serial=self.fields.need("appRecordNo", longest=128))


async def create(task: Task) -> dict[str, object]:
    """注册并申领二维码; the same appRecordNo with the same content is carried out once."""
    read, words, errand = task.fields, task.words, task.once
    is_child = read.text("personnelType") == CHILD_WITHOUT_DOCUMENT
    nationality = words.nationality(read.text("nationality"))
    document = None if is_child else _document(task, nationality, needed=True)
    sex, birth_date = words.sex(read.text("sex")), read.day("birthday")
    wish = neutral.CardWish(
        name=read.text("name", longest=150) if is_child else read.need("name", longest=150),
        documents=() if document is None else (document,),
        sex=sex,
        birth_date=birth_date,
        ethnicity=words.ethnicity(read.text("nation")),
        nationality=nationality,
        phone=read.text("phone", longest=32) or read.text("telephone", longest=32),
        child=_child(task) if is_child else None,
        mode=_mode(read),
    )
    read.check()
    return _held(await neutral.apply(task.core, errand, wish))


async def modify(task: Task) -> dict[str, object]:
    """信息变更, by erhcCardNo; the card keeps its id."""
    read, words, errand = task.fields, task.words, task.once
    nationality = words.nationality(read.text("nationality"))
    whose = Whose(card_id=read.need("erhcCardNo", longest=64))
    wish = neutral.ChangeWish(
        name=read.text("name", longest=150),
        sex=words.sex(read.text("sex")),
        birth_date=read.day("birthday"),
        ethnicity=words.ethnicity(read.text("nation")),
        nationality=nationality,
        phone=read.text("phone", longest=32),
        document=_document(task, nationality, needed=False),
    )
    read.check()
    return _held(await neutral.change(task.core, errand, whose, wish))


async def person(task: Task) -> dict[str, object]:
    """个人信息查询, by erhcCardNo or by document."""
    whose = _whose(task)
    task.fields.check()
    return _person(task, await neutral.find(task.core, task.errand, whose))


async def has_registered(task: Task) -> dict[str, object]:
    """是否已注册."""
    whose = _whose(task)
    task.fields.check()
    found = await neutral.is_registered(task.core, task.errand, whose)
    return {"isRegistered": "0" if found is None else "1", "empi": _id(found)}


async def activate(task: Task) -> dict[str, object]:
    """领码激活: a card made ahead becomes a card in use; of any other card the code of this minute."""
    whose, errand = _whose(task), task.once
    task.fields.check()
    return _held(await neutral.activate(task.core, errand, whose))


async def verify(task: Task) -> dict[str, object]:
    """扫码获取个人信息."""
    read = task.fields
    terminal = read.text("terminalCode", longest=64)
    scan = neutral.Scan(
        read.need("qrCode", longest=1024),
        task.words.scene(read.text("medStepCode", longest=16)),
        None if terminal == "-1" else terminal,
        (read.text("checkIdCode", longest=18) or "")[-4:] or None,
        read.text("checkName", longest=150),
    )
    read.check()
    found = await neutral.scan(task.core, task.errand.caller, scan)
    seen = found.person
    return {
        "erhcCardNo": found.card.id,
        "empi": seen.id,
        "name": seen.name,
        "sex": task.words.told("sex", seen.sex),
        "idCardTypeCode": task.words.told("identity-document-kind", seen.document_kind),
        "idCode": seen.document_number,
        "birthday": seen.birth_date.replace("-", ""),
        "phone": seen.phone or "",
        "localNumber": found.local_number,
        "masked": "1" if seen.masked else "0",
        "useId": found.use.id,
        "repeat": "1" if found.use.repeat else "0",
    }


Method = Callable[[Task], Awaitable[dict[str, object]]]
METHODS: Mapping[str, Method] = {
    "createVmcardQRcode": create,
    "modifyVmcardInfo": modify,
    "getPersonInfo": person,
    "queryIfHasRegistered": has_registered,
    "activateVmcardQRcode": activate,
    VERIFY: verify,
}


def _document(task: Task, nationality: str | None, *, needed: bool) -> Document | None:
    read = task.fields
    if needed:
        kind, number = read.need("idCardTypeCode"), read.need("idCode", longest=64)
    else:
        kind, number = read.text("idCardTypeCode") or "", read.text("idCode", longest=64) or ""
    if not kind or not number:
        return None
    valid = read.day("validStartdate"), read.day("validEnddate")
    return Document(task.words.document(kind), number, nationality, *valid)


def _child(task: Task) -> Child:
    """Return the birth of a child without documents: by the mother's card or document, and 胎次."""
    read = task.fields
    card_id, number = read.text("motherErhcCardNo", longest=64), read.text("motherIdCode", longest=64)
    mother = Whose(card_id=card_id)
    if card_id is None:
        person_id = _uuid(read.text("motherEmpi", longest=64))
        mother = Whose(person_id=person_id)
        if number is not None:
            kind = read.text("motherIdCardTypeCode") or "01"
            mother = Whose(document=Document(task.words.document(kind), number))
        elif person_id is None:
            read.fault("motherIdCode", "is required, or motherEmpi", "必填，或填 motherEmpi")
    born_at = read.moment("birthTime")
    day = read.day("birthday")
    if born_at is None:
        read.need("birthday")
    order = read.text("multpripleBirths") or read.text("multipleBirths") or "1"
    if not (order.isascii() and order.isdigit() and len(order) == 1):
        read.fault("multpripleBirths", "must be 1–8", "应为 1–8")
        order = "1"
    noon = datetime.combine(day, time(12), SHANGHAI) if day else datetime(1970, 1, 1, tzinfo=UTC)
    return Child(mother, born_at or noon, int(order), read.text("multifetalMark") in ("1", "true"))


def _whose(task: Task) -> Whose:
    read = task.fields
    card_id = read.text("erhcCardNo", longest=64)
    if card_id is not None:
        return Whose(card_id=card_id)
    return Whose(document=_document(task, task.words.nationality(read.text("nationality")), needed=True))


def _mode(read: Fields) -> cards.Mode:
    text = read.text("appMode")
    try:
        return cards.Mode.ONLINE if text is None else cards.Mode(int(text))
    except ValueError:
        read.fault("appMode", "must be 1–5", "应为 1–5")
        return cards.Mode.ONLINE


def _held(held: CardHeld) -> dict[str, object]:
    card = {"erhcCardNo": held.card_id, "empi": str(held.person_id), "cardStatus": str(held.status)}
    return {**card, **_shown(held.code)}


def _shown(code: neutral.Code | None) -> dict[str, object]:
    if code is None:
        return {}
    minutes = None if code.seconds is None else str(max(code.seconds // _MINUTE, 1))
    return {"qrCode": code.text, "qrCodeType": code.kind, "qrCodeVaildDate": minutes}


def _person(task: Task, held: neutral.PersonHeld) -> dict[str, object]:
    words = task.words
    return {
        "erhcCardNo": None if held.card is None else held.card.card_id,
        "empi": str(held.person_id),
        "cardStatus": "5" if held.card is None else str(held.card.status),
        "name": held.name,
        "sex": words.told("sex", held.sex),
        "idCardTypeCode": words.told("identity-document-kind", held.document_kind),
        "idCode": held.document_number,
        "birthday": held.birth_date.replace("-", ""),
        "nation": words.told("ethnic-group", held.ethnicity),
        "nationality": held.nationality,
        "phone": held.phone or "",
        "localNumber": held.local_number,
        "masked": "1" if held.masked else "0",
    }


def _id(person_id: UUID | None) -> str | None:
    return None if person_id is None else str(person_id)


def _uuid(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None
