"""The demonstration's hospitals and staff, and browsers without script."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fixtures.cities import city
from fixtures.http import served

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud.server.composition import City
from healthcloud.server.demonstration import Demonstration, enrolment_code, load_demonstration, resident
from healthcloud.server.demonstration.staff import STEP_SECONDS
from healthcloud.server.processes.worker import application_of

__all__ = ["city"]


@dataclass(frozen=True)
class Clinic:
    """A city with two hospitals, served; `loaded` has its staff."""

    city: City
    url: str
    loaded: Demonstration
    browsers: list[httpx.AsyncClient] = field(default_factory=list)
    signed: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    coded: dict[str, float] = field(default_factory=dict)

    def browser(self) -> httpx.AsyncClient:
        self.browsers.append(
            httpx.AsyncClient(base_url=self.url, headers={"Origin": self.url}, trust_env=False, timeout=30)
        )
        return self.browsers[-1]

    async def signed_in(self, login: str) -> httpx.AsyncClient:
        """
        Sign in, once for all tests: a one-time code is good once, and its half minute is long.

        Whoever signs in again within it does so with the next one, which is good a little early.
        """
        if login in self.signed:
            return self.signed[login]
        member = next(one for one in self.loaded.staff if one.login == login)
        browser, now = self.browser(), self.city.database.clock.now().timestamp()
        at = self.coded[login] = max(now, self.coded.get(login, 0.0) + STEP_SECONDS)
        code = member.code(at)
        answer = await browser.post("/staff/sign-in", data={"login": login, "password": member.password, "code": code})
        assert answer.status_code == 303
        self.signed[login] = browser
        return browser

    async def at_desk(self, login: str, hospital: int) -> httpx.AsyncClient:
        browser = await self.signed_in(login)
        code = (await enrolment_code(self.city, self.loaded.hospitals[hospital])).code
        assert (await browser.post("/scan/terminal", data={"code": code})).status_code == 303
        return browser

    async def card_of(self, n: int) -> Caller:
        """Register a resident who has a card; return them as they would look at it."""
        database = self.city.database
        registration = people.read_registration(resident(n), database.clock.now().date())
        checked = people.Verification(people.Level.REGISTRY, "registry")
        made = await database.transact(lambda tx: people.register(tx, SYSTEM, registration, checked, people.Policy()))
        await database.transact(lambda tx: cards.apply(tx, SYSTEM, cards.Application(made.person_id)))
        return Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=made.person_id)

    async def code_of(self, holder: Caller) -> str:
        async with self.city.database.read() as read:
            return (await cards.code_of(read, holder)).text


@pytest.fixture(scope="module")
async def clinic(city: City) -> AsyncIterator[Clinic]:
    loaded = await load_demonstration(city, 0, lambda _: None, lambda _: None)
    async with served(application_of(city)) as url:
        clinic = Clinic(city, url, loaded)
        yield clinic
        for browser in clinic.browsers:
            await browser.aclose()


@pytest.fixture
async def operator(clinic: Clinic) -> httpx.AsyncClient:
    return await clinic.signed_in("operator")
