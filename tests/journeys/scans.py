"""Codes of the demonstration's residents, and an inventory of every answer a hospital's machine got for them."""

import asyncio
import time
from base64 import b64decode
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from uuid import UUID

import asyncpg
import httpx
import msgspec
from journeys.processes import RunningCity

from healthcloud import access
from healthcloud.core.crypto import FileKeyStore, Vault
from healthcloud.server.demonstration import Machine, read_machine
from healthcloud_reader import PLATFORM_SLOT, DynamicCode, make_token, period_of, slot_secrets, step_at, step_start

CODE_MASTER = "cards.code-master"
VERIFY = "/api/v1/cards/verify"


@dataclass
class Inventory:
    """What was answered for each code and terminal: True for a first use, False for a repeat; lost ones leave none."""

    answers: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)
    lost: int = 0

    @property
    def acknowledged(self) -> set[str]:
        return set(self.answers)

    @property
    def answered(self) -> int:
        """How often, repeats too: within a minute every card may have been scanned at every terminal already."""
        return sum(map(len, self.answers.values()))


class Scanner:
    """A hospital's machine that scans residents' codes, each until it is answered."""

    def __init__(self, city: RunningCity, url: str) -> None:
        self._city = city
        self._owner = url
        self._machine: Machine = read_machine(city.ledger, 1)
        self._secret = b64decode(self._machine.secret)
        self._vault = Vault(FileKeyStore(city.var / "keys.json"))
        self.inventory = Inventory()
        self.stopping = False
        self._since = datetime.now(UTC)  # residents have a past

    async def card_ids(self) -> list[bytes]:
        connection = await asyncpg.connect(self._owner)
        try:
            return [row[0] for row in await connection.fetch("SELECT id FROM cards.cards WHERE kind = 'standard'")]
        finally:
            await connection.close()

    async def terminals(self) -> list[UUID]:
        connection = await asyncpg.connect(self._owner)
        try:
            wanted = "SELECT id FROM institutions.terminals WHERE institution_id = $1"
            return [row[0] for row in await connection.fetch(wanted, self._machine.institution_id)]
        finally:
            await connection.close()

    async def uses(self) -> dict[str, int]:
        """Return how often each card, step and terminal stands among the uses since this machine began."""
        connection = await asyncpg.connect(self._owner)
        try:
            counted = "SELECT card_id, step_at, terminal_id, count(*) AS uses FROM cards.uses"
            rows = await connection.fetch(f"{counted} WHERE used_at >= $1 GROUP BY 1, 2, 3", self._since)
            return {_key(row["card_id"], row["step_at"], row["terminal_id"]): row["uses"] for row in rows}
        finally:
            await connection.close()

    async def run(self, cards: list[bytes], lanes: int, pause: float) -> None:
        """Scan one card after the other, around and around, until told to stop."""
        limits = httpx.Limits(max_connections=lanes)
        terminals = await self.terminals()
        async with httpx.AsyncClient(base_url=self._city.url, timeout=10, trust_env=False, limits=limits) as client:
            shares = [cards[lane::lanes] for lane in range(lanes)]
            await asyncio.gather(*(self._lane(client, share, terminals, pause) for share in shares))

    async def _lane(self, client: httpx.AsyncClient, cards: list[bytes], terminals: list[UUID], pause: float) -> None:
        for terminal, card in cycle((terminal, card) for terminal in terminals for card in cards):
            if self.stopping:
                return
            await self._scan(client, card, terminal)
            await asyncio.sleep(pause)

    def code_of(self, card: bytes, step: int) -> str:
        """Return the text a resident's page would show in this step."""
        derive = partial(self._vault.derive, CODE_MASTER)
        secret = slot_secrets(derive, card, PLATFORM_SLOT, 0, period_of(step))[0]
        return DynamicCode(card, make_token(secret, card, PLATFORM_SLOT, 0, step)).text

    async def _scan(self, client: httpx.AsyncClient, card: bytes, terminal: UUID) -> None:
        step = step_at(datetime.now(UTC))
        body = msgspec.json.encode({"code": self.code_of(card, step), "terminal": str(terminal)})
        key, good_until = _key(card, step_start(step), terminal), step_start(step + 1).timestamp() + 20
        while time.time() < good_until:
            signed = access.sign_request(self._machine.key_id, self._secret, "POST", VERIFY, body)
            headers = {"Authorization": signed, "Content-Type": "application/json"}
            try:
                answer = await client.post(VERIFY, content=body, headers=headers)
            except httpx.TransportError:
                self.inventory.lost += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == httpx.codes.OK:
                self.inventory.answers[key].append(not answer.json()["use"]["repeat"])
                return
            if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                self.inventory.refused.append(f"{answer.status_code} {answer.json().get('code')}")
                return
            await asyncio.sleep(0.1)


def _key(card: bytes, step: datetime, terminal: UUID) -> str:
    return f"{card.hex()} {step.isoformat()} {terminal}"
