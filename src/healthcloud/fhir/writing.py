"""
Creating and updating a Patient (FHIR R4, 3.1.0.4, 3.1.0.8): a record of the caller's institution, handed to the index.

A record is its institution's patient number, so a create can make no duplicate: the same number with the same content
is the record that is there (200), with another content a conflict (409), and twenty at once are one.
"""

from uuid import UUID

from healthcloud import index
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.fhir.errors import (
    InstitutionNeeded,
    MaskedContent,
    NumberNeeded,
    NumberTaken,
    PatientNotFound,
    RecordRefused,
    SeveralMatch,
    VersionPassed,
)
from healthcloud.fhir.looking import look_at, of_record, record_of
from healthcloud.fhir.model import SUBMIT, Ask, Reply, read_parameters, versions_named
from healthcloud.fhir.patients import Says, Shown, patient_of, read_patient
from healthcloud.fhir.resources import read
from healthcloud.fhir.searching import find, today_of
from healthcloud.fhir.systems import urn


async def create(database: Database, caller: Caller, ask: Ask) -> Reply:
    """Take a Patient in as a record; with a condition (If-None-Exist, or parameters) only where nothing fits it."""
    institution_id = _submitter(caller)
    condition = _condition(ask)
    if condition is not None:
        there = await database.transact(lambda tx: _fitting(tx, caller, condition))
        if there is not None:
            return reply(ask, 200, there)
    says = _said(ask)
    number = _number(says, institution_id)
    written = written_of(says)
    known = await database.transact(lambda tx: _known(tx, caller, institution_id, number, written))
    if known is not None:
        return reply(ask, 200, known)
    answer = await _hand_in(database, caller, number, written)
    shown = await database.transact(lambda tx: _stored(tx, caller, institution_id, number))
    return reply(ask, 200 if answer.outcome is index.Outcome.UNCHANGED else 201, shown)


async def update(database: Database, caller: Caller, ask: Ask, patient_id: UUID) -> Reply:
    """Take a new version of a record in; raise PatientNotFound for what is no record of the caller's institution."""
    institution_id = _submitter(caller)
    says = _said(ask)
    if not isinstance(ask.resource, dict) or ask.resource.get("id") not in (None, str(patient_id)):
        raise Malformed(faults=(FieldFault("#/id", "must be the id in the address", "应与地址中的 id 一致"),))
    async with database.read() as tx:
        record = await record_of(tx, patient_id)
    if record is None or record.source_id != institution_id:
        raise PatientNotFound
    if any(institution == institution_id and number != record.number for institution, number in says.numbers):
        fault = FieldFault("#/identifier", "a record keeps its patient number", "记录的患者号不可更改")
        raise RecordRefused(faults=(fault,))
    await _hand_in(database, caller, record.number, written_of(says), if_version(ask))
    return reply(ask, 200, await database.transact(lambda tx: _stored(tx, caller, institution_id, record.number)))


def reply(ask: Ask, status: int, shown: Shown) -> Reply:
    """Answer with a Patient as it stands now, or without its body when the client wants none."""
    body = patient_of(shown) if ask.wants_body else None
    location = f"{ask.base}/Patient/{shown.id}/_history/{shown.version}"
    return Reply(status, body, shown.version, location, shown.at)


def written_of(says: Says) -> index.Written:
    """Return what a Patient says as the index takes it."""
    return index.Written(
        name=says.name,
        sex=says.sex,
        birth_date=says.birth_date,
        document_kind=says.document_kind,
        number=says.number,
        phone=says.phone,
        address=says.address,
        ethnicity=says.ethnicity,
        nationality=says.nationality,
        issuer=says.issuer,
    )


def _submitter(caller: Caller) -> UUID:
    caller.must(SUBMIT)
    if caller.institution_id is None:
        raise InstitutionNeeded
    return caller.institution_id


def _condition(ask: Ask) -> Ask | None:
    """Return the search a create depends on: If-None-Exist, else the parameters it carries."""
    told = ask.headers.get("if-none-exist", "").partition("?")
    if any(told):
        query = read_parameters(told[2] or told[0])
        return Ask("GET", "Patient", ask.base, query, in_address=False, headers=ask.headers)
    asked = tuple(one for one in ask.parameters if one[0] not in ("_format", "_pretty"))
    return Ask("GET", "Patient", ask.base, asked, ask.in_address, ask.headers) if asked else None


async def _fitting(tx: Transaction, caller: Caller, condition: Ask) -> Shown | None:
    found = await find(tx, caller, condition, own_only=True)
    if len(found) > 1:
        raise SeveralMatch
    return await look_at(tx, caller, found[0]) if found else None


def _said(ask: Ask) -> Says:
    says = read_patient(read("Patient", ask.resource))
    if says.is_masked:
        raise MaskedContent
    return says


def _number(says: Says, institution_id: UUID) -> str:
    """Return the one patient number of the caller's institution; a number of another is refused, not dropped."""
    own = {number for institution, number in says.numbers if institution == institution_id}
    if any(institution != institution_id for institution, _ in says.numbers):
        raise index.NotYourInstitution
    if len(own) != 1:
        system = f"system {urn(institution_id)}"
        raise NumberNeeded(faults=(FieldFault("#/identifier", f"needs one with {system}", f"须有一个 {system}"),))
    return own.pop()


async def _known(
    tx: Transaction, caller: Caller, institution_id: UUID, number: str, written: index.Written
) -> Shown | None:
    """Return the record that is there and says the same; raise NumberTaken where it says something else."""
    record = await index.find_record(tx, institution_id, number)
    if record is None:
        return None
    if record.content != index.read_content(written, today_of(tx)):
        raise NumberTaken
    return await look_at(tx, caller, record.id)


def if_version(ask: Ask) -> frozenset[int] | None:
    """Return which versions the client knows (If-Match): compared where the record is written, under its lock."""
    named = versions_named(ask.headers.get("if-match", ""))
    if not named or "*" in named:
        return None
    return frozenset(int(one) for one in named if one.isdecimal() and len(one) < 10)  # noqa: PLR2004 - an integer


async def _hand_in(
    database: Database,
    caller: Caller,
    number: str,
    written: index.Written,
    versions: frozenset[int] | None = None,
) -> index.Answer:
    item = index.RecordIn(number, written, if_version=versions)
    answer = (await index.register_records(database, caller, [item]))[0]
    if isinstance(answer.problem, index.RecordVersionPassed):
        raise VersionPassed
    if answer.problem is not None:
        raise answer.problem
    if answer.outcome is index.Outcome.REFUSED:
        raise RecordRefused
    return answer


async def _stored(tx: Transaction, caller: Caller, institution_id: UUID, number: str) -> Shown:
    """Return the record under a number: what the caller has just said, so no deed besides that of receiving it."""
    record = await index.find_record(tx, institution_id, number)
    sight = None if record is None else await of_record(tx, caller, record)
    if sight is None:
        raise PatientNotFound
    return sight.shown
