"""
What happens to one resident in a day, with everything that can go wrong: each secret of it is noted by kind.

Registered, looked up, refused, corrected; signed in by a code; a card, its codes and phones; scans taken, repeated,
replayed, forged and frozen.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
from cards.scanning import BATCH, VERIFY, manager
from conformance.city import Whole
from people.makers import next_number

from healthcloud import channels
from healthcloud.core.background import Wiring
from healthcloud.core.background.worker import OutsideWorker
from healthcloud.core.ids import new_id

NAME, OTHER_NAME, NEW_NAME = "欧阳𬱖祯", "皇甫龑喆", "欧阳𬱖祯·玥婳"
PHONE, NEW_PHONE = "13912345678", "13987654321"
PASSWORD = "Perpetual-Secret-99"


@dataclass
class Journey:
    """What was clear somewhere, by kind, and what was answered."""

    clear: dict[str, list[str]] = field(default_factory=dict)
    problems: list[httpx.Response] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    opened: dict[str, Any] = field(default_factory=dict)

    def note(self, kind: str, *texts: str) -> None:
        self.clear.setdefault(kind, []).extend(texts)

    def every(self, *but: str) -> list[str]:
        return [text for kind, texts in self.clear.items() if kind not in but for text in texts]


class Day:
    """Runs the journey."""

    def __init__(self, city: Whole) -> None:
        self.city, self.town, self.journey = city, city.town, Journey()
        self.clerk = manager("people.register", "people.open", institution_id=city.here.id)
        self.officer = manager("people.correct", "people.open", "cards.manage", "cards.issue")
        self.browser = httpx.AsyncClient(base_url=city.url, headers={"Origin": city.url}, trust_env=False)
        self.texts: dict[str, str] = {}

    async def send(self, phone: str, text: str, reference: str) -> None:
        """Be the SMS aggregator."""
        assert reference
        self.texts[phone] = text

    async def post(self, path: str, body: Any, caller: Any, status: int) -> Any:
        return await self._ask("POST", path, status, json=body, caller=caller)

    async def _ask(self, method: str, path: str, status: int, caller: Any = None, **sent: Any) -> Any:
        """Ask as a member of staff, or from the resident's browser."""
        headers = {"Idempotency-Key": new_id().hex} | ({} if caller is None else self.town.callers.header(caller))
        client = self.browser if caller is None else self.town.http
        return self._kept(await client.request(method, f"/api/v1{path}", headers=headers, **sent), status)

    def _kept(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        self.journey.urls.append(str(answer.request.url))
        if answer.status_code >= 400:
            self.journey.problems.append(answer)
        return answer.json() if answer.content else None

    async def live(self) -> Journey:
        async with self.browser:
            person_id = await self._registered()
            await self._corrected(person_id)
            await self._signed_in(person_id)
            await self._scanned(person_id)
        self.journey.opened = await self.post(f"/people/{person_id}/opening", {"reason": "查阅"}, self.officer, 200)
        return self.journey

    async def _registered(self) -> str:
        number, another = next_number(), next_number()
        self.journey.note("number", number, another, number[:6] + number[8:17])
        self.journey.note("name", NAME, OTHER_NAME, NEW_NAME)
        self.journey.note("phone", PHONE, NEW_PHONE)
        document = {"kind": "01", "number": number}
        wish = {"name": NAME, "documents": [document], "phone": PHONE, "document_seen": True}
        person_id = str((await self.post("/people", wish, self.clerk, 201))["person_id"])
        await self.post("/people", wish | {"name": OTHER_NAME}, self.clerk, 409)
        await self.post("/people", wish | {"documents": [{"kind": "01", "number": number[:17] + "?"}]}, self.clerk, 422)
        await self.post("/people", wish | {number: NAME}, self.clerk, 422)
        await self.post("/people/lookup", document, self.clerk, 200)
        await self.post("/people/lookup", document | {"number": another}, self.clerk, 404)
        await self.post("/people/lookup/phone", {"phone": PHONE}, self.clerk, 200)
        await self.post("/people/lookup", document, None, 401)
        return person_id

    async def _corrected(self, person_id: str) -> None:
        right = {"name": NEW_NAME, "evidence": "身份证原件"}
        await self.post(f"/people/{person_id}/corrections", right, self.officer, 201)
        await self.post(f"/people/{person_id}/corrections", right, self.clerk, 403)
        await self._ask("PUT", f"/people/{person_id}/phone", 204, caller=self.officer, json={"phone": NEW_PHONE})

    async def _signed_in(self, person_id: str) -> None:
        await self.post("/access/codes", {"phone": NEW_PHONE}, None, 202)
        worker = OutsideWorker(self.town.database, Wiring(jobs=(channels.sending(self),)).kinds().values())
        while await worker.step():
            pass
        found = re.search(r"\d{6}", self.texts[NEW_PHONE])
        assert found is not None
        wrong = f"{(int(found[0]) + 1) % 1_000_000:06}"
        await self.post("/access/resident-sessions", {"phone": NEW_PHONE, "code": wrong}, None, 401)
        await self.post("/access/resident-sessions", {"phone": NEW_PHONE, "code": found[0]}, None, 201)
        self.journey.note("session", *self.browser.cookies.values())
        account = (await self._ask("GET", "/access/session", 200))["account_id"]
        await self._ask("PUT", f"/people/{person_id}/account", 200, caller=self.officer, json={"account_id": account})
        await self.post(
            "/access/staff-sessions", {"login": "nobody", "password": PASSWORD, "code": "123456"}, None, 401
        )
        self.journey.note("password", PASSWORD)

    async def _scanned(self, person_id: str) -> None:
        town, journey = self.town, self.journey
        card = (await self.post("/cards", {}, None, 201))["card"]
        journey.note("card", card["card_id"], card["card_id"].lower())
        phone = await self.post("/cards/phones", {"label": "手机"}, None, 201)
        journey.note("secret", *_long_texts(phone))
        code = (await self._ask("GET", "/cards/code", 200))["text"]
        token = code.split(":")[2]
        journey.note("token", token, token.lower(), code)
        self._kept(await town.scan(code), 200)
        self._kept(await town.scan(code), 200)
        self._kept(await town.scan(code, town.there), 409)
        forged = code[:67] + "0" * 32 + "::"
        self._kept(await town.scan(forged), 422)
        self._kept(await town.scan(f"{card['card_id']}:1:::"), 422)
        fact = {"kind": "name", "value": OTHER_NAME}
        self._kept(await town.scan(f"{card['card_id']}:1:::", second_fact=fact), 409)
        self._kept(await town.scan(f"{card['card_id']}:1:::", second_fact=fact | {"value": NEW_NAME}), 200)
        self._kept(await town.scan(code + NAME), 422)
        here = {"codes": [code, forged], "terminal": str(town.here.pharmacy)}
        self._kept(await town.signed(town.here, BATCH, here), 200)
        self._kept(await town.signed(town.here, VERIFY, b'{"code": "' + code.encode()), 400)
        await self.post("/cards/freeze", {"person_id": person_id, "reason": "risk"}, self.officer, 201)
        self._kept(await town.scan(code, town.here), 409)


def _long_texts(value: object) -> list[str]:
    """Return the secrets in an answer: its texts of 24 characters and more, but for ids."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _long_texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _long_texts(one)]
    return [value] if isinstance(value, str) and len(value) >= 24 and "-" not in value[:9] else []
