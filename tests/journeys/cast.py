"""Who takes part in a journey: staff with both factors, residents with a phone, a hospital's machine."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from journeys.processes import RunningCity
from playwright.async_api import Page, StorageState, expect

from healthcloud import people
from healthcloud.core.clock import SHANGHAI
from healthcloud.server.demonstration import Addresses, read_addresses, read_machine, resident
from healthcloud.server.tour.parties import HospitalMachine

Visit = Callable[..., Awaitable[Page]]
STEP_SECONDS = 30
SMS_SECONDS = 15
IDENTITY_CARD = "01"
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass
class Cast:
    """Everybody of one city; whoever has signed in once stays signed in, because a one-time code is good once."""

    city: RunningCity
    visit: Visit
    states: dict[str, StorageState] = field(default_factory=dict)

    @property
    def addresses(self) -> Addresses:
        found = read_addresses(self.city.ledger)
        assert found is not None
        return found

    async def staff(self, login: str, width: int = 1366) -> Page:
        """Bring a member of staff before their browser, signed in by the page."""
        page = await self.visit(width, storage=self.states.get(login))
        if login not in self.states:
            await self._sign_in(page, login)
            self.states[login] = await page.context.storage_state()
        return page

    async def _sign_in(self, page: Page, login: str) -> None:
        member = self.city.member(login)
        await page.goto("/staff/sign-in")
        for _ in range(2):
            await page.get_by_label("登录名").fill(login)
            await page.get_by_label("密码").fill(member.password)
            await page.get_by_label("动态口令").fill(member.code(time.time()))
            await page.get_by_role("button", name="登录").click()
            await page.wait_for_load_state()
            if not page.url.endswith("/staff/sign-in"):
                return
            await asyncio.sleep(STEP_SECONDS - time.time() % STEP_SECONDS)  # that code was used: the next one
        await expect(page).not_to_have_url(re.compile("/staff/sign-in"))

    async def sms_code(self, phone: str, *, after: int = 0) -> str:
        """Read the newest code from the texts that came to a phone; wait until there are more than `after` texts."""
        deadline = time.monotonic() + SMS_SECONDS
        while time.monotonic() < deadline:
            texts = await self.texts(phone)
            found = _CODE.search(texts[0]) if len(texts) > after else None
            if found:
                return found[0]
            await asyncio.sleep(0.1)
        raise TimeoutError(phone)

    async def texts(self, phone: str) -> list[str]:
        """Return the texts that came to a phone, the newest first."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{self.addresses.sms}/messages.json", params={"phone": phone})
        return [one["text"] for one in answer.json()]

    async def stranger(self) -> tuple[str, str]:
        """Return name and identity number of somebody, over ninety, whom the registry knows and the city does not."""
        asked = {"start": self.city.residents + secrets.randbelow(800_000), "count": 1}
        async with httpx.AsyncClient(trust_env=False) as client:
            [one] = (await client.get(f"{self.addresses.registry}/residents.json", params=asked)).json()
        return one["name"], one["number"]

    def neighbour(self, fits: Callable[[people.RegistrationForm], bool]) -> people.RegistrationForm:
        """Return one of the city's residents, who has an identity card, a phone, and a card already."""
        while True:
            one = resident(secrets.randbelow(self.city.residents))
            if one.phone and one.name and one.documents[0].kind == IDENTITY_CARD and fits(one):
                return one

    def hours_ago(self, hours: int) -> str:
        """Return a moment as a field of date and time takes it, by the city's clock on the wall."""
        return f"{datetime.now(SHANGHAI) - timedelta(hours=hours):%Y-%m-%dT%H:%M}"

    def machine(self, hospital: int) -> HospitalMachine:
        """Return a hospital's machine, which scans over HTTP."""
        return HospitalMachine(self.city.url, self.city.trusted, read_machine(self.city.ledger, hospital))


def new_phone() -> str:
    """Return a phone number of a range given to nobody."""
    return f"1609{secrets.randbelow(10**7):07}"
