"""The frame of every console: which subjects there are, and which of them a caller's scopes open; pure."""

from dataclasses import dataclass
from typing import NamedTuple

from healthcloud.core.caller import Caller
from healthcloud.web.wording import Words


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One entry at the side: `console.nav.<name>` is its word, any of `scopes` opens it and every page below `href`.

    `of_city` subjects open only to who belongs to no institution.
    """

    name: str
    href: str
    scopes: frozenset[str]
    of_city: bool = False

    def is_open_to(self, caller: Caller) -> bool:
        """Tell whether this caller's scopes open it."""
        return not self.scopes.isdisjoint(caller.scopes) and not (self.of_city and caller.institution_id is not None)


class NavEntry(NamedTuple):
    """A line of the side: where it leads, its word, and whether the page is of it; what `kit/console.html` shows."""

    href: str
    label: str
    is_current: bool


FIGURES = Subject("figures", "/console/figures", frozenset({"figures.read"}))
INSTITUTIONS = Subject("institutions", "/console/institutions", frozenset({"institutions.manage"}))
ONBOARDING = Subject("onboarding", "/console/onboarding", frozenset({"figures.read", "institutions.manage"}))
CLIENTS = Subject("clients", "/console/clients", frozenset({"access.manage-clients"}), of_city=True)
STAFF = Subject("staff", "/console/staff", frozenset({"access.manage-staff"}))
ROLES = Subject("roles", "/console/roles", frozenset({"access.manage-staff"}))
CARDS = Subject("cards", "/console/cards", frozenset({"cards.manage"}), of_city=True)
REQUESTS = Subject("requests", "/console/requests", frozenset({"people.correct"}), of_city=True)
IMPORTS = Subject("imports", "/console/imports", frozenset({"index.import"}))
QUESTIONS = Subject("questions", "/console/questions", frozenset({"index.review"}), of_city=True)
PERSONS = Subject("persons", "/console/persons", frozenset({"index.review"}), of_city=True)
QUALITY = Subject("quality", "/console/quality", frozenset({"index.review", "index.manage", "index.import"}))
AUDIT = Subject("audit", "/console/audit", frozenset({"audit.read"}), of_city=True)
JOBS = Subject("jobs", "/console/jobs", frozenset({"jobs.manage"}), of_city=True)
OUTWARD = Subject("outward", "/console/outward", frozenset({"jobs.manage"}), of_city=True)
SYSTEM = Subject("system", "/console/system", frozenset({"jobs.manage"}), of_city=True)

# In the order of the side; the first one open to a caller is their first page.
SUBJECTS = (
    *(FIGURES, INSTITUTIONS, ONBOARDING, CLIENTS, STAFF, ROLES, CARDS, REQUESTS),
    *(IMPORTS, QUESTIONS, PERSONS, QUALITY),
    *(AUDIT, JOBS, OUTWARD, SYSTEM),
)


def subjects_of(caller: Caller) -> list[Subject]:
    """Return the subjects open to a caller, in the order of the side."""
    return [one for one in SUBJECTS if one.is_open_to(caller)]


def nav_of(caller: Caller, words: Words, here: str = "") -> list[NavEntry]:
    """Return the side for a caller; `here` is the path of the page that shows it."""
    return [
        NavEntry(one.href, words(f"console.nav.{one.name}"), here == one.href or here.startswith(f"{one.href}/"))
        for one in subjects_of(caller)
    ]
