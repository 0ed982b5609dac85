"""Taking a form at its word: for who made it from what is known to hold."""

from datetime import date

from healthcloud.people.documents.model import Document, DocumentKind
from healthcloud.people.model import Sex
from healthcloud.people.numbers.model import ResidentNumber
from healthcloud.people.registration.form import RegistrationForm
from healthcloud.people.registration.model import Registration

_KINDS = {kind.value: kind for kind in DocumentKind}
_SEXES = {sex.value: sex for sex in Sex}


def in_one_spelling(form: RegistrationForm) -> Registration:
    """
    Return what `read_registration` makes of a form that is sound, in its one spelling and of one resident number.

    Nothing is checked: whoever calls this makes such forms only, and has a test that says so.
    """
    document, sex = form.documents[0], _SEXES[form.sex or Sex.UNKNOWN]
    born = form.birth_date or date.max
    number = ResidentNumber(document.number, born, sex)
    return Registration(
        form.name,
        sex,
        born,
        (Document(_KINDS[document.kind], document.number, None, number),),
        None,
        form.phone,
        form.ethnicity,
        form.nationality,
    )
