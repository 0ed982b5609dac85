"""The consoles: each administrator sees their own subjects and no other."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from healthcloud.web.console import SUBJECTS
from healthcloud.web.routers import ROUTERS

NOBODY = UUID(int=1)
# What each of the demonstration's staff may enter; whoever adds a subject says here for whom.
OPEN_TO = {
    "system": {"institutions", "onboarding", "quality", "jobs", "outward", "system"},
    "security": {"clients", "staff", "roles"},
    "audit": {"audit"},
    "operator": {"cards", "figures", "onboarding", "requests", "imports", "quality"},
    "reviewer1": {"questions", "persons", "quality"},
    "manager1": {"figures", "institutions", "onboarding", "staff", "roles", "imports", "quality"},
    "clerk1": set(),
    "doctor1": set(),
}
# What who belongs to an institution may not do to it, nor see.
OF_CITY = ("/institutions/new", f"/institutions/{NOBODY}/close", f"/institutions/{NOBODY}/numbers/")
# Ids of nothing: a page that is open says 404 to them, a page that is not says 403 all the same.
SAMPLES = {
    name: str(NOBODY)
    for name in (
        "institution_id",
        "department_id",
        "practitioner_id",
        "terminal_id",
        "client_id",
        "key_id",
        "account_id",
        "person_id",
        "job_id",
        "message_id",
        "request_id",
        "batch_id",
        "import_id",
        "question_id",
        "record_id",
        "decision_id",
    )
} | {
    "kind": "ws218",
    "role": "clerk",
    "what": "leave",
    "act": "freeze",
    "figure": "cards.active",
    "step": "start",
    "n": "0",
}


def pages() -> list[tuple[str, str, str]]:
    """Every route of the consoles: its method, its path with sample ids, its subject."""
    found = []
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path.startswith("/console/"):
                subject = next(one.name for one in SUBJECTS if (route.path + "/").startswith(one.href + "/"))
                path = "/".join(
                    SAMPLES[part[1:-1].partition(":")[0]] if part.startswith("{") else part
                    for part in route.path.split("/")
                )
                found += [(method, path, subject) for method in sorted(route.methods or ())]
    return found


def test_every_subject_is_somebodys() -> None:
    assert {one.name for one in SUBJECTS} == set().union(*OPEN_TO.values())


@pytest.mark.parametrize("login", sorted(OPEN_TO))
async def test_each_sees_only_their_own(clinic: Any, login: str) -> None:
    browser = await clinic.signed_in(login)
    wrong = []
    for method, path, subject in pages():
        form = {"once": "0" * 32} if method == "POST" else None
        answer = await browser.request(method, path, data=form)
        is_open = subject in OPEN_TO[login] and not (login == "manager1" and any(part in path for part in OF_CITY))
        if (answer.status_code == 403) is is_open or answer.status_code >= 500:
            wrong.append(f"{method} {path} is {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("login", ["system", "security", "audit", "operator", "reviewer1"])
async def test_every_first_page_is_there_in_english(clinic: Any, login: str) -> None:
    browser = await clinic.signed_in(login)
    for subject in SUBJECTS:
        if subject.name in OPEN_TO[login]:
            answer = await browser.get(
                subject.href, headers={"Cookie": f"hc_session={browser.cookies['hc_session']}; hc_language=en"}
            )
            assert answer.status_code == 200
            assert '<html lang="en"' in answer.text


async def test_a_guest_is_sent_to_sign_in_and_comes_back(clinic: Any) -> None:
    guest = clinic.browser()
    assert (await guest.get("/console")).headers["location"] == "/staff/sign-in?next=/console"
    assert (await guest.get("/console/jobs")).headers["location"] == "/staff/sign-in?next=/console/jobs"


async def test_each_is_sent_to_their_own_first_page(clinic: Any) -> None:
    pages = {
        "system": "/console/institutions",
        "security": "/console/clients",
        "audit": "/console/audit",
        "operator": "/console/figures",
        "reviewer1": "/console/questions",
        "clerk1": "/scan",
    }
    for login, first in pages.items():
        browser = await clinic.signed_in(login)
        assert (await browser.get("/console")).headers["location"] == first
        assert (await browser.get("/staff/sign-in")).headers["location"] == "/console"
