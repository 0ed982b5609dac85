"""An identity document as written, and the way from there to a checked one."""

from dataclasses import dataclass
from datetime import date

from healthcloud.core.errors import Unacceptable
from healthcloud.people.documents.model import Document, DocumentKind, read_document
from healthcloud.people.model import Broken
from healthcloud.people.reading import FormReader


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """An identity document as written."""

    kind: str
    number: str
    issuer: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def read_form_document(reader: FormReader, pointer: str, written: DocumentForm, today: date) -> Document | None:
    """Read a document at this place of the body; faults are noted at its kind and number."""
    inside = f"{pointer}/" if pointer else ""
    kind = reader.read(f"{inside}kind", lambda: read_kind(written.kind))
    if kind is None:
        return None
    return reader.read(
        f"{inside}number",
        lambda: read_document(
            kind,
            written.number,
            today,
            issuer=written.issuer,
            valid_from=written.valid_from,
            valid_to=written.valid_to,
        ),
    )


def read_document_form(written: DocumentForm, today: date) -> Document:
    """Check a document as written; raise Unacceptable with every fault."""
    reader = FormReader()
    document = read_form_document(reader, "", written, today)
    if document is None:
        raise Unacceptable(faults=tuple(reader.faults))
    return document


def read_kind(text: str) -> DocumentKind:
    """Return a kind of document, `1` read as `01`; raise Broken."""
    try:
        return DocumentKind(text.strip().zfill(2))
    except ValueError:
        raise Broken("must be a kind of CV02.01.101: 01–08 or 99", "应为证件类型 CV02.01.101：01–08 或 99") from None
