"""What is to be corrected, checked beside what is registered. Pure."""

from dataclasses import dataclass
from datetime import date

import msgspec

from healthcloud.core.errors import Unacceptable
from healthcloud.people.documents.countries import normalise_country
from healthcloud.people.documents.form import DocumentForm, read_form_document
from healthcloud.people.documents.model import Document, disagreement, stored_document
from healthcloud.people.errors import NothingToCorrect
from healthcloud.people.model import Broken, Sex
from healthcloud.people.names.model import normalise_name
from healthcloud.people.numbers.model import EARLIEST_BIRTH
from healthcloud.people.reading import FormReader, read_ethnicity, read_sex
from healthcloud.people.seen.model import Face


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """
    A correction as written; what is left out stays.

    `document` replaces the primary document. `mistyped` says that the old number never was this person's, so that its
    holder can register; otherwise the old document goes on finding them. `version` is the one the clerk looked at.
    """

    evidence: str
    name: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    document: DocumentForm | None = None
    mistyped: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A checked correction: the face it leads to, and the document that is new in it."""

    face: Face
    fields: tuple[str, ...]
    document: Document | None


def read_correction(form: CorrectionForm, face: Face, today: date) -> Correction:
    """
    Check a correction against what is registered.

    Raises Unacceptable with every fault, NothingToCorrect where all is as it was. Sex and birth date follow a new
    identity number where they are not given.
    """
    reader = FormReader()
    document = read_form_document(reader, "document", form.document, today) if form.document else None
    said = document.resident if document else None
    name = reader.optional("name", form.name, normalise_name)
    sex = reader.optional("sex", form.sex, read_sex) or (said.sex if said else Sex(face.sex))
    birth_date = form.birth_date or (said.birth_date if said else face.birth_date)
    if not EARLIEST_BIRTH <= birth_date <= today:
        reader.fault("birth_date", Broken("cannot be", "不可能"))
    changed = msgspec.structs.replace(
        face,
        name=name or face.name,
        sex=sex,
        birth_date=birth_date,
        ethnicity=reader.optional("ethnicity", form.ethnicity, read_ethnicity) or face.ethnicity,
        nationality=reader.optional("nationality", form.nationality, normalise_country) or face.nationality,
    )
    if document:
        changed = msgspec.structs.replace(
            changed,
            document_kind=document.kind,
            document_number=document.number,
            document_issuer=document.issuer,
        )
    _check(reader, changed)
    fields = tuple(field for field in Face.__struct_fields__ if getattr(face, field) != getattr(changed, field))
    if not fields:
        raise NothingToCorrect
    return Correction(changed, fields, document)


def _check(reader: FormReader, face: Face) -> None:
    if face.document_number:
        primary = stored_document(face.document_kind, face.document_number, face.document_issuer)
        if found := disagreement(primary, Sex(face.sex), face.birth_date):
            reader.fault(*found)
    if reader.faults:
        raise Unacceptable(faults=tuple(reader.faults))
