"""From the form of a counter to the card it opens: six kinds of people, each with the fields they have. Pure."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.web.clinic.documents import BIRTH_CERTIFICATE, IDENTITY_CARD, OTHER, PASSPORT, document_of

TEMPORARY_DAYS = 30
# A name for the file, the same in every language; what tells two apart is the temporary number.
UNKNOWN_NAME = "无名氏"
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
KEEPERS_SCOPES = tuple(people.grants.GrantScope)


class Variant(StrEnum):
    """Whom a card is opened for."""

    ADULT = "adult"
    ELDER = "elder"  # without a phone, a printed card
    CHILD = "child"  # by a guardian
    NEWBORN = "newborn"  # by its mother, a newborn card
    FOREIGN = "foreign"  # by a passport
    UNKNOWN = "unknown"  # nobody knows who; a temporary card


# Whose identity card a reader may read.
WITH_CARD = (Variant.ADULT, Variant.ELDER, Variant.CHILD)


@dataclass(frozen=True, slots=True)
class Opening:
    """
    A card to be opened.

    `keeper_id` acts for the person from then on as `relation`; somebody unknown cannot consent, and treating them needs
    no consent (PIPL article 13, 4).
    """

    variant: Variant
    form: people.RegistrationForm
    seen: bool
    evidence: str | None
    keeper_id: UUID | None = None
    relation: str = ""
    record: people.id_records.IdRecord | None = None  # of their identity card, where they agree that it is kept

    @property
    def kind(self) -> cards.CardKind:
        """The kind of card."""
        kinds = {Variant.NEWBORN: cards.CardKind.NEWBORN, Variant.UNKNOWN: cards.CardKind.TEMPORARY}
        return kinds.get(self.variant, cards.CardKind.STANDARD)

    def deadline(self, now: datetime) -> datetime | None:
        """When a temporary card ends."""
        return now + timedelta(days=TEMPORARY_DAYS) if self.kind is cards.CardKind.TEMPORARY else None


def keeper_document(variant: Variant, form: dict[str, str]) -> people.DocumentForm | None:
    """Return the document of whoever acts for them: a child's guardian, an elder's relative if named, a mother."""
    if variant is Variant.NEWBORN:
        return document_of(form, "mother_kind", "mother_id")
    if variant is Variant.CHILD or (variant is Variant.ELDER and form.get("keeper_id")):
        return document_of(form, "keeper_kind", "keeper_id")
    return None


def opening_of(variant: Variant, form: dict[str, str], keeper_id: UUID | None, today: date) -> Opening:
    """Read a form; raise Unacceptable with everything that is wrong with it."""
    made = _FORMS.get(variant, _with_document)(form, keeper_id, today)
    registration = replace(made, phone=form.get("phone") or None, local_number=form.get("local_number") or None)
    faults = _unticked(form, ("consent", "seen") if variant is not Variant.UNKNOWN else ())
    try:
        people.read_registration(registration, today)
    except Unacceptable as broken:
        faults = (*broken.faults, *faults)
    if faults:
        raise Unacceptable(faults=faults)
    relation = "parent" if variant is Variant.NEWBORN else form.get("relation", "")
    evidence = form.get("evidence") or None
    record = _record(form) if form.get("keep_record") == "yes" else None
    return Opening(variant, registration, variant is not Variant.UNKNOWN, evidence, keeper_id, relation, record)


def fields_of(card: people.id_records.CardRecord) -> dict[str, str]:
    """Return the fields of a form as an identity card fills them in."""
    told = {
        "kind": IDENTITY_CARD,
        "number": card.number,
        "name": card.name,
        "ethnicity": card.ethnicity,
        "address": card.address,
        "authority": card.authority,
        "valid_from": card.valid_from and card.valid_from.isoformat(),
        "valid_to": card.valid_to and card.valid_to.isoformat(),
    }
    return {name: value for name, value in told.items() if value}


def has_expired(form: dict[str, str], today: date) -> bool:
    """Tell whether the document's last day, as the form has it, has passed."""
    last = _day(form, "valid_to")
    return last is not None and last < today


def _record(form: dict[str, str]) -> people.id_records.IdRecord:
    days = _day(form, "valid_from"), _day(form, "valid_to")
    return people.id_records.IdRecord(form.get("address") or None, form.get("authority") or None, *days)


def _with_document(form: dict[str, str], _: UUID | None, __: date) -> people.RegistrationForm:
    days = _day(form, "valid_from"), _day(form, "valid_to")
    document = people.DocumentForm(form.get("kind") or IDENTITY_CARD, form.get("number", ""), form.get("issuer"), *days)
    return people.RegistrationForm(
        name=form.get("name") or "",
        sex=form.get("sex") or None,
        birth_date=_day(form, "birth_date"),
        documents=(document,),
        ethnicity=form.get("ethnicity") or None,
    )


def _foreign(form: dict[str, str], _: UUID | None, today: date) -> people.RegistrationForm:
    shown = _with_document(form | {"kind": PASSPORT}, _, today)
    return replace(shown, nationality=form.get("issuer") or None)


def _newborn(form: dict[str, str], mother_id: UUID | None, _: date) -> people.RegistrationForm:
    certificate = form.get("number")
    several = form.get("of_several") == "yes"
    born_at = _moment(form, "born_at")
    return people.RegistrationForm(
        name=form.get("name") or None,
        sex=form.get("sex") or None,
        documents=(people.DocumentForm(BIRTH_CERTIFICATE, certificate),) if certificate else (),
        birth=people.BirthForm(mother_id, born_at, _order(form), several) if mother_id else None,
    )


def _unknown(form: dict[str, str], _: UUID | None, today: date) -> people.RegistrationForm:
    age = form.get("age", "")
    if not (age.isascii() and age.isdigit() and int(age) <= 120):  # noqa: PLR2004 - nobody is older
        raise Unacceptable(faults=(FieldFault("#/age", "enter a guessed age, 0–120", "请填写估计年龄，0–120"),))
    number = form.get("number") or temporary_number(today)
    return people.RegistrationForm(
        name=UNKNOWN_NAME + number[-4:],
        sex=form.get("sex") or None,
        birth_date=today.replace(year=max(today.year - int(age), 1900), month=1, day=1),
        documents=(people.DocumentForm(OTHER, number),),
    )


_FORMS = {Variant.FOREIGN: _foreign, Variant.NEWBORN: _newborn, Variant.UNKNOWN: _unknown}


def temporary_number(today: date) -> str:
    """Return a number for somebody nobody knows: `WMS`, the day, six characters made at random."""
    return f"WMS{today:%Y%m%d}" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def _unticked(form: dict[str, str], names: tuple[str, ...]) -> tuple[FieldFault, ...]:
    told = {
        "seen": ("compare the document itself with who is there first", "请先核对证件原件与本人"),
        "consent": ("ask for the consent, and tick it", "请先征得同意并勾选"),
    }
    return tuple(FieldFault(f"#/{name}", *told[name]) for name in names if form.get(name) != "yes")


def _day(form: dict[str, str], name: str) -> date | None:
    if not form.get(name):
        return None
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        raise Unacceptable(faults=(FieldFault(f"#/{name}", "is no day", "日期不正确"),)) from None


def _moment(form: dict[str, str], name: str) -> datetime:
    """Return a time of a form, which is Shanghai's; a day alone is its first minute."""
    try:
        moment = datetime.fromisoformat(form.get(name, ""))
    except ValueError:
        raise Unacceptable(faults=(FieldFault(f"#/{name}", "enter day and time", "请填写日期和时间"),)) from None
    return datetime.combine(moment.date(), time(moment.hour, moment.minute), SHANGHAI)


def _order(form: dict[str, str]) -> int:
    order = form.get("order") or "1"
    return int(order) if order.isascii() and order.isdigit() and len(order) == 1 else 0
