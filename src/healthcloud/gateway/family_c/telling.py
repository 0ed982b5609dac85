"""What family C tells afterwards: uses of cards and visits, in batches; each record answered by itself."""

from healthcloud import cards, encounters
from healthcloud.gateway import neutral
from healthcloud.gateway.family_c.task import Task, terminal_of
from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import Document, Whose
from healthcloud.gateway.words import Words

_MOST = 500


async def usecarddate(task: Task) -> object:
    """用卡数据上传: at most 500 a batch, each once by its own number, the late ones taken and marked."""
    rows = task.fields.each("list", _MOST)
    reports = [_report(one) for one in rows]
    task.fields.check()
    found = await neutral.report_uses(task.core, task.errand, [one for one in reports if one is not None])
    results = [
        {
            "use_no": one.request_id,
            "code": "00" if one.problem else "10",
            "result": one.outcome,
            "late_days": str(one.late_days),
            **({"error_code": one.problem.code, "msg": one.problem.zh} if one.problem else {}),
        }
        for one in found
    ]
    return {"accepted": str(sum(one.problem is None for one in found)), "total": str(len(found)), "list": results}


async def add_outpatient(task: Task) -> object:
    """门急诊就诊登记, at most 500 a batch, each once by its number."""
    return await _visits(task, encounters.EncounterKind.OUTPATIENT)


async def add_inpatient(task: Task) -> object:
    """住院登记, at most 500 a batch, each once by its number."""
    return await _visits(task, encounters.EncounterKind.INPATIENT)


async def _visits(task: Task, kind: encounters.EncounterKind) -> object:
    rows = task.fields.each("list", encounters.MOST_AT_ONCE)
    visits = [_visit(one, task.words, kind) for one in rows]
    task.fields.check()
    found = await neutral.tell_visits(task.core, task.errand, visits)
    results = [
        {
            "visit_no": one.number,
            "code": "00" if one.problem else "10",
            "result": one.outcome,
            **({"error_code": one.problem.code, "msg": one.problem.zh} if one.problem else {}),
        }
        for one in found
    ]
    return {"accepted": str(sum(one.problem is None for one in found)), "total": str(len(found)), "list": results}


def _visit(row: Fields, words: Words, kind: encounters.EncounterKind) -> neutral.Visit:
    card_id, number = row.text("ehealth_card_id", longest=64), row.text("id_no", longest=64)
    document = Document(words.document(row.need("id_type")), number) if card_id is None and number else None
    patient_number = row.text("patient_no", longest=64)
    started_at, ended_at = row.moment("visit_time"), row.moment("end_time")
    department = row.text("dept_code", longest=64), row.text("dept_name", longest=100)
    doctor = row.text("doctor_code", longest=64), row.text("doctor_name", longest=100)
    told = words.of.ours("visit-type", row.text("visit_type"))
    item = encounters.EncounterIn(
        number=row.need("visit_no", longest=64),
        kind=encounters.EncounterKind(told.code) if told.is_known and told.code else kind,
        status=encounters.EncounterStatus.FINISHED if ended_at else None,
        patient_number=patient_number,
        started_at=started_at,
        ended_at=ended_at,
        department=encounters.Named(*department) if any(department) else None,
        practitioner=encounters.Named(*doctor) if any(doctor) else None,
        place=row.text("bed_no", longest=100),
    )
    whose = Whose(card_id=card_id, document=document) if card_id or document else None
    return neutral.Visit(item, whose)


def _report(row: Fields) -> cards.reported.Report | None:
    """Return a use; None where its time cannot be read, which is noted."""
    card, used_at = row.need("ehealthCardId", longest=1024), row.moment("useTime")
    scene, terminal = row.need("medstepcode", longest=16), row.text("terminalcode", longest=64)
    if used_at is None:
        row.need("useTime")
        return None
    # The province's record has no number of its own: a record that says the same is the same.
    name = row.text("use_no", longest=128) or f"{card} {used_at.isoformat()} {scene} {terminal}"
    return cards.reported.Report(name, card, scene, used_at, terminal_of(terminal), None, row.text("channelcode"))
