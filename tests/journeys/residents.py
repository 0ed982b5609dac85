"""What a resident does on a phone, by the pages: signs in, proves who they are, gets a card, shows it."""

import re
from dataclasses import dataclass
from typing import Self

from fixtures.browser import settled
from fixtures.scanner import read_code
from journeys.cast import Cast, new_phone
from playwright.async_api import Locator, Page, expect

from healthcloud.core.wording import CHINESE, words_in


@dataclass
class Resident:
    """Somebody with a phone; what they see and press is told by the catalogue's keys, in their own language."""

    cast: Cast
    page: Page
    name: str  # of their pictures
    language: str = CHINESE
    phone: str = ""

    @classmethod
    async def with_phone(
        cls, cast: Cast, name: str, *, language: str = CHINESE, elder: bool = False, phone: str | None = None
    ) -> Self:
        """Bring a resident before a phone's browser, one with a new number if none is said."""
        page = await cast.visit(390, language=language, elder=elder)
        return cls(cast, page, name, language, phone or new_phone())

    def words(self, key: str, **values: object) -> str:
        """Return the words of a key as this resident reads them."""
        return words_in(self.language)(key, **values)

    def field(self, key: str) -> Locator:
        """Return the field with this label."""
        return self.page.get_by_label(self.words(key)).first

    async def press(self, key: str) -> None:
        """Press a button; the page it leads to is there when this returns."""
        await self.page.get_by_role("button", name=self.words(key), exact=True).click()
        await self.page.wait_for_load_state()

    async def follow(self, key: str) -> None:
        """Follow a link."""
        await self.page.get_by_role("link", name=self.words(key)).first.click()
        await self.page.wait_for_load_state()

    async def sees(self, key: str, **values: object) -> None:
        """Expect these words on the page."""
        await expect(self.page.get_by_text(self.words(key, **values)).first).to_be_visible()

    async def looks(self, screen: str) -> None:
        """Look at the screen in each shape."""
        await settled(self.page, f"journey-{self.name}-{screen}")

    async def sign_in(self) -> None:
        """Sign in with the code that comes to the phone; the page asked for before is shown then."""
        if "/sign-in" not in self.page.url:
            await self.page.goto("/sign-in")
        await self.looks("sign-in")
        had = len(await self.cast.texts(self.phone))
        await self.field("sign-in.phone").fill(self.phone)
        await self.press("sign-in.send")
        await self.looks("sign-in-code")
        await self.field("sign-in.code").fill(await self.cast.sms_code(self.phone, after=had))
        await self.press("sign-in.act")
        await expect(self.page).not_to_have_url(re.compile("/sign-in"))

    async def prove(self, name: str, number: str) -> None:
        """Prove who they are by name and identity number."""
        if "/card" in self.page.url:  # whose page leads there by itself
            await self.page.wait_for_url("**/real-name**")
        elif "/real-name" not in self.page.url:
            await self.page.goto("/real-name")
        await self.looks("real-name")
        await self.field("real-name.name").fill(name)
        await self.field("real-name.number").fill(number)
        await self.field("real-name.sensitive").check()
        await self.press("real-name.to-review")
        await self.looks("real-name-review")
        await self.press("real-name.act")
        await self.page.wait_for_url("**/real-name/done**")
        await self.looks("real-name-done")

    async def open_card(self, address: str = "/card/open") -> None:
        """Open a card with the consent it needs, and see it."""
        await self.page.goto(address)
        await self.looks("card-open")
        await self.page.locator("[name=agree]").check()
        await self.page.locator("form[action^='/card/open'] button, button[form]").last.click()
        await self.page.wait_for_url("**/card/open/done**")
        await self.looks("card-opened")

    async def show_code(self, address: str = "/card") -> str:
        """Show the card; return what a scanner reads."""
        await self.page.goto(address)
        return await read_code(self.page.locator(".plate-code svg:not(.blank)").first)

    async def show_next_code(self, former: str) -> str:
        """Keep the card open until its code changes by itself."""
        for _ in range(70):
            await self.page.wait_for_timeout(1000)
            code = await read_code(self.page.locator(".plate-code svg:not(.blank)").first)
            if code != former:
                return code
        raise TimeoutError(former)
