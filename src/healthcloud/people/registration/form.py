"""From what somebody wrote to a checked registration, every fault told at once and in both languages."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Unacceptable
from healthcloud.people.contacts.model import normalise_phone
from healthcloud.people.documents.countries import normalise_country
from healthcloud.people.documents.form import DocumentForm, read_form_document
from healthcloud.people.documents.model import Document, disagreement
from healthcloud.people.model import Broken, Sex
from healthcloud.people.names.model import normalise_name
from healthcloud.people.numbers.model import EARLIEST_BIRTH
from healthcloud.people.patient_numbers.model import normalise_local_number
from healthcloud.people.reading import FormReader, read_ethnicity, read_sex
from healthcloud.people.registration.model import MOST_CHILDREN, MOST_DOCUMENTS, Birth, Registration


@dataclass(frozen=True, slots=True)
class BirthForm:
    """A birth as written; `born_at` is aware."""

    mother_id: UUID
    born_at: datetime
    order: int = 1
    of_several: bool = False


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """
    A registration as written.

    Sex and birth date may be left out where an identity number says them, the name for a newborn without one.
    `ethnicity` is GB 3304 (民族), `nationality` alpha-3 (国籍).
    """

    name: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    documents: tuple[DocumentForm, ...] = ()
    birth: BirthForm | None = None
    phone: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    local_number: str | None = None


def read_registration(form: RegistrationForm, today: date) -> Registration:
    """Check a form and put it into one spelling; raise Unacceptable with a fault for each field that breaks a rule."""
    reader = FormReader()
    documents = _documents(reader, form, today)
    birth = _birth(reader, form.birth, today) if form.birth else None
    name = _name(reader, form)
    sex = reader.read("sex", lambda: read_sex(form.sex or Sex.UNKNOWN)) or Sex.UNKNOWN
    birth_date = _birth_date(reader, form, birth, documents, today)
    said = next((document.resident for document in documents if document.resident), None)
    registration = Registration(
        name=name,
        sex=said.sex if said and not sex.is_stated else sex,
        birth_date=birth_date or EARLIEST_BIRTH,
        documents=documents,
        birth=birth,
        phone=reader.optional("phone", form.phone, normalise_phone),
        ethnicity=reader.optional("ethnicity", form.ethnicity, read_ethnicity),
        nationality=reader.optional("nationality", form.nationality, normalise_country),
        local_number=reader.optional("local_number", form.local_number, normalise_local_number),
    )
    for document in documents:
        if found := disagreement(document, sex, birth_date):
            reader.fault(*found)
            break
    if reader.faults:
        raise Unacceptable(faults=tuple(reader.faults))
    return registration


def _name(reader: FormReader, form: RegistrationForm) -> str | None:
    if form.name is None and form.birth is not None:
        return None
    return reader.read("name", lambda: normalise_name(form.name or ""))


def _documents(reader: FormReader, form: RegistrationForm, today: date) -> tuple[Document, ...]:
    if not form.documents and not form.birth:
        reader.fault(
            "documents",
            Broken("needs a document, or the birth of a child without one", "须有证件，或无证件儿童的出生信息"),
        )
    if len(form.documents) > MOST_DOCUMENTS:
        reader.fault("documents", Broken(f"must have at most {MOST_DOCUMENTS} items", f"最多 {MOST_DOCUMENTS} 项"))
        return ()
    found: dict[str, Document] = {}
    for place, written in enumerate(form.documents):
        document = read_form_document(reader, f"documents/{place}", written, today)
        if document is not None:
            found.setdefault(document.key, document)
    return tuple(found.values())


def _birth(reader: FormReader, form: BirthForm, today: date) -> Birth | None:
    if form.born_at.tzinfo is None:
        reader.fault("birth/born_at", Broken("must name its time zone", "须带时区"))
        return None
    if not EARLIEST_BIRTH <= form.born_at.astimezone(SHANGHAI).date() <= today:
        reader.fault("birth/born_at", Broken("cannot be", "不可能"))
    highest = MOST_CHILDREN if form.of_several else 1
    if not 1 <= form.order <= highest:
        reader.fault("birth/order", Broken(f"must be 1–{highest}", f"应为 1–{highest}"))
    return Birth(form.mother_id, form.born_at, form.order, form.of_several)


def _birth_date(
    reader: FormReader, form: RegistrationForm, birth: Birth | None, documents: tuple[Document, ...], today: date
) -> date | None:
    said = next((document.resident.birth_date for document in documents if document.resident), None)
    birth_date = form.birth_date or said or (birth.day if birth else None)
    if birth_date is None:
        if not reader.faults:
            reader.fault(
                "birth_date", Broken("is required: no identity number says it", "必填：证件号码中没有出生日期")
            )
    elif not EARLIEST_BIRTH <= birth_date <= today:
        reader.fault("birth_date", Broken("cannot be", "不可能"))
    elif birth and birth_date != birth.day:
        reader.fault(
            "birth_date",
            Broken("differs from the day of birth/born_at in Shanghai", "与出生时间（北京时间）的日期不一致"),
        )
    return birth_date
