"""What a record that fits nobody registers as; pure."""

from datetime import date

from healthcloud import people
from healthcloud.index.matching import Features, certain
from healthcloud.index.matching.reading import document_of


def registration_of(made: Features) -> people.Registration:
    """Return the registration of the person a record speaks of; its document only where nothing speaks against it."""
    content = made.content
    document = document_of(content) if certain(content) else None
    return people.Registration(
        name=content.name,
        sex=people.Sex(made.sex or content.sex),
        birth_date=made.birth or date.max,
        documents=(document,) if document else (),
        phone=_phone(content.phone),
        ethnicity=content.ethnicity,
        nationality=content.nationality,
    )


def document_form(made: Features) -> people.DocumentForm:
    """Return a record's document as somebody would write it."""
    content = made.content
    return people.DocumentForm(content.document_kind or "", content.number or "", issuer=content.issuer)


def _phone(written: str | None) -> str | None:
    try:
        return people.normalise_phone(written) if written else None
    except people.Broken:
        return None
