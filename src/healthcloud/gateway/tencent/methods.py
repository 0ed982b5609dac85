"""The open platform's methods, each from its fields to an errand of the neutral core and back into its names."""

from collections.abc import Awaitable, Callable, Mapping

from healthcloud import cards
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.gateway import neutral
from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import CardHeld, CardWish, Child, CodeKind, Document, Whose
from healthcloud.gateway.tencent.errors import DepartmentNeeded, NotAnsweredYet
from healthcloud.gateway.tencent.showing import card_of, picture, static_text, told_sex
from healthcloud.gateway.tencent.task import NEEDS_DEPARTMENT, Task
from healthcloud.gateway.tencent.verifying import check_result, register_order
from healthcloud.gateway.words import Words

MOST_ROWS = 15
STATIC = "1"


async def register(task: Task) -> object:
    """registerHealthCard: the person is registered, or found, and given their card."""
    wish = _wish(task.fields, task.words)
    task.fields.check()
    held = await neutral.apply(task.core, task.errand, wish)
    return {
        "qrCodeText": static_text(held.card_id),
        "healthCardId": held.card_id,
        "phid": held.person_id.hex.upper(),
        "ecardNo": "",
        "adminExt": "",
        "unbindOrderId": "",
        "unbindURL": "",
    }


async def register_batch(task: Task) -> object:
    """registerBatchHealthCard: at most fifteen; a row that was refused is absent, as on the platform."""
    rows = task.fields.each("healthCardItems", MOST_ROWS)
    wishes = [_wish(row, task.words) for row in rows]
    task.fields.check()
    errands = [task.part(n) for n in range(len(rows))]
    answers = await neutral.apply_many(task.core, errands, wishes)
    return {
        "rspItems": [
            {
                "qrCodeText": static_text(held.card_id),
                "idNumber": wish.documents[0].number,
                "idType": wish.documents[0].kind,
                "healthCardId": held.card_id,
            }
            for wish, held in zip(wishes, answers, strict=True)
            if isinstance(held, CardHeld)
        ]
    }


async def by_code(task: Task) -> object:
    """Answer getHealthCardByQRCode: whose a code is, without using it."""
    return {"card": await _card(task, Whose(card_id=_card_in(task.fields, "qrCodeText")))}


async def by_id(task: Task) -> object:
    """Answer getHealthCardByHealthCardId."""
    card_id = task.fields.need("healthCardId", longest=64)
    task.fields.check()
    return {"card": await _card(task, Whose(card_id=card_id))}


async def dynamic(task: Task) -> object:
    """getDynamicQRCode: codeType 1 is the static one; the document, where one is sent, must be the holder's."""
    read = task.fields
    card_id, number = read.need("healthCardId", longest=64), read.text("idNumber", longest=64)
    kind = CodeKind.STATIC if read.text("codeType") == STATIC else CodeKind.DYNAMIC
    document_kind = task.words.document(read.text("idType") or "01")
    read.check()
    whose = Whose(card_id=card_id)
    if number is not None:
        named = await neutral.find(task.core, task.errand, Whose(document=Document(document_kind, number)))
        if (await neutral.find(task.core, task.errand, whose)).person_id != named.person_id:
            raise cards.CardNotFound
    code = await neutral.code(task.core, task.errand, whose, kind)
    return {"qrCodeText": code.text, "qrCodeImg": picture(code.text), "healthCardId": card_id.upper()}


async def verify(task: Task) -> object:
    """verifyQRCode: the one hot method; the code is used here and now."""
    read = task.fields
    scan = neutral.Scan(
        read.need("qrCodeText", longest=1024),
        task.words.scene(read.text("medicalStep", longest=16)),
        read.text("terminalId", longest=64),
        last_digits=(read.text("idCard", longest=64) or "")[-4:] or None,
        name=read.text("name", longest=100),
    )
    read.check()
    seen = await neutral.scan(task.core, task.errand.caller, scan)
    person = seen.person
    return {
        "name": person.name,
        "gender": told_sex(person.sex),
        "nation": "",
        "birthday": person.birth_date,
        "phone": person.phone or "",
        "address": "",
        "idType": person.document_kind,
        "idNumber": person.document_number,
        "healthCardId": seen.card.id,
        "phid": person.id.replace("-", "").upper(),
        "patid": seen.local_number or "",
        "result": True,
        "repeat": seen.use.repeat,
        "warnings": seen.warnings,
    }


async def bind(task: Task) -> object:
    """bindCardRelation: the hospital's own number (patid) for the holder of a code."""
    patid = task.fields.need("patid", longest=64)
    card_id = _card_in(task.fields, "qrCodeText")
    await neutral.bind(task.core, task.errand, Whose(card_id=card_id), patid)
    return {"result": True}


async def report(task: Task) -> object:
    """Keep what reportHISData and reportScanQRCode say: a use told of afterwards; the same requestId is once."""
    read = task.fields
    code = read.text("qrCodeText", longest=1024) or read.text("healthCardId", longest=64)
    used_at, scene = read.moment("time"), read.need("scene", longest=16)
    department = read.text("department", longest=64)
    channel, costs = read.text("cardChannel", longest=16), read.text("cardCostTypes", longest=64)
    number = read.text("idCardNumber", longest=64)
    if used_at is None:
        read.need("time")
    if code is None and number is None:
        read.need("qrCodeText")
    read.check()
    if scene in NEEDS_DEPARTMENT and department is None:
        raise DepartmentNeeded
    if used_at is None or task.errand.serial is None:
        raise Unacceptable(faults=(FieldFault("#/commonIn/requestId", "is required", "必填"),))
    if code is None:
        code = await _card_of_document(task, Document("01", number or ""))
    one = cards.reported.Report(
        task.errand.serial, code, scene, used_at, department=department, channel=channel, cost_kinds=costs
    )
    [answer] = await neutral.report_uses(task.core, task.errand, [one])
    if answer.problem is not None:
        raise answer.problem
    return {"verified": answer.is_verified, "lateDays": answer.late_days, "sceneKnown": answer.is_scene_known}


async def renumber(task: Task) -> object:
    """updateHealthCardId: the card id each person has now; the old one stands for it. A refused row is absent."""
    rows = task.fields.each("updateHealthCardIdItems", MOST_ROWS)
    asked = [
        (row.need("healthCardId", longest=64), row.need("idType"), row.need("idNumber", longest=64)) for row in rows
    ]
    task.fields.check()
    done = []
    for n, (old, kind, number) in enumerate(asked):
        try:
            new = await _card_of_document(task, Document(task.words.document(kind), number))
            if old.upper() != new:
                await neutral.alias(task.core, task.part(n), old.upper(), new)
        except Problem:
            continue
        done.append({"oldHealthCardId": old, "idType": kind, "idNumber": number, "newHealthCardId": new})
    return {"updateHealthCardIdRspItems": done}


async def not_yet(_: Task) -> object:
    """Refuse what this city cannot answer honestly yet."""
    raise NotAnsweredYet


async def _card(task: Task, whose: Whose) -> object:
    return card_of(await neutral.find(task.core, task.errand, whose), task.words)


async def _card_of_document(task: Task, document: Document) -> str:
    held = await neutral.find(task.core, task.errand, Whose(document=document))
    if held.card is None:
        raise cards.CardNotFound
    return held.card.card_id


def _card_in(read: Fields, name: str) -> str:
    text = read.need(name, longest=1024)
    read.check()
    return cards.reported.card_of_text(text).hex().upper()


def _wish(read: Fields, words: Words) -> CardWish:
    """Read one registration; what is wrong with it is noted in the fields."""
    number = read.text("idNumber", longest=64)
    child = read.inner("childInfo")
    documents: tuple[Document, ...] = ()
    if number is not None:
        documents = (Document(words.document(read.need("idType")), number),)
    elif child is None:
        read.need("idNumber")
    return CardWish(
        name=read.text("name", longest=100),
        documents=documents,
        sex=words.sex(read.text("gender")),
        birth_date=read.day("birthday"),
        ethnicity=words.ethnicity(read.text("nation")),
        phone=read.text("phone1", longest=32),
        child=None if child is None or number is not None else _child(child, words),
        local_number=read.text("patid", longest=64),
    )


def _child(read: Fields, words: Words) -> Child | None:
    kind, number = words.document(read.text("motherIdType") or "01"), read.need("motherIdNumber", longest=64)
    born_at, order = read.moment("birthTime"), read.text("parity") or "1"
    if born_at is None:
        read.need("birthTime")
    if not order.isdecimal():
        read.fault("parity", "must be a number", "应为数字")
    if born_at is None or not order.isdecimal():
        return None
    of_several = read.text("multipleBirthsFlag") not in (None, "0")
    return Child(Whose(document=Document(kind, number)), born_at, int(order[:3]), of_several)


Method = Callable[[Task], Awaitable[object]]
METHODS: Mapping[str, Method] = {
    "registerHealthCard": register,
    "registerBatchHealthCard": register_batch,
    "getHealthCardByQRCode": by_code,
    "getHealthCardByHealthCardId": by_id,
    "getDynamicQRCode": dynamic,
    "verifyQRCode": verify,
    "bindCardRelation": bind,
    "reportHISData": report,
    "reportScanQRCode": report,
    "updateHealthCardId": renumber,
    "registerUniformVerifyOrder": register_order,
    "checkUniformVerifyResult": check_result,
}
