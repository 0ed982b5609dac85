"""Identity documents on the forms of a counter: their fields, their kinds and countries by the code sets."""

from typing import TypeAlias

from healthcloud import institutions, people
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.web.clinic.desk import Desk, labelled

Options: TypeAlias = list[tuple[str, str]]
KINDS, COUNTRIES, GROUPS = "identity-document-kind", "country", "ethnic-group"
IDENTITY_CARD, PASSPORT, BIRTH_CERTIFICATE, OTHER = "01", "03", "08", "99"
_FIRST = ("CHN", "HKG", "MAC", "TWN")
_EVERY = 1000


async def kinds(desk: Desk, *, without: tuple[str, ...] = ()) -> Options:
    """Return the kinds of documents to choose from."""
    async with desk.database.read() as read:
        codes = await _codes(read, KINDS)
    return [(one.code, labelled(desk.words, one)) for one in codes if one.code not in without]


async def countries(desk: Desk) -> Options:
    """Return the countries to choose from by their alpha-3, without our own, whose people have other documents."""
    async with desk.database.read() as read:
        codes = await _codes(read, COUNTRIES)
    found = [(one.attributes.get("alpha3", ""), labelled(desk.words, one)) for one in codes]
    return sorted((one for one in found if one[0] and one[0] not in _FIRST), key=lambda one: one[1])


async def ethnic_groups(desk: Desk) -> Options:
    """Return the ethnic groups to choose from, GB/T 3304."""
    async with desk.database.read() as read:
        codes = await _codes(read, GROUPS)
    return [(one.code, labelled(desk.words, one)) for one in codes]


def document_of(form: dict[str, str], kind: str = "kind", number: str = "number") -> people.DocumentForm:
    """Return the document in a form, a passport where a country is named; raise Unacceptable at an empty number."""
    if not form.get(number):
        raise Unacceptable(faults=(FieldFault(f"#/{number}", "enter the document's number", "请填写证件号码"),))
    issuer = form.get("issuer") or None
    chosen = PASSPORT if issuer and kind == "kind" else form.get(kind) or IDENTITY_CARD
    return people.DocumentForm(chosen, form[number], issuer)


async def found_by(desk: Desk, document: people.DocumentForm, field: str, *, en: str, zh: str) -> people.Found:
    """Find somebody by their document, a deed; say at this field that there is nobody."""
    try:
        return await desk.database.transact(lambda tx: people.find_by_document(tx, desk.caller, document))
    except people.PersonNotFound:
        raise Unacceptable(faults=(FieldFault(f"#/{field}", en, zh),)) from None
    except Unacceptable as broken:
        faults = tuple(FieldFault(f"#/{field}", fault.en, fault.zh) for fault in broken.faults)
        raise Unacceptable(faults=faults) from None


async def _codes(read: Read, name: str) -> list[institutions.codes.Code]:
    for one in await institutions.codes.sets_in_force(read):
        if one.name == name:
            return await institutions.codes.codes_of(read, one, limit=_EVERY)
    return []
