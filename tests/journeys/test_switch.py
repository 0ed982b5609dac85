"""The city's signature changes from SM2 to P-256, back, and again, by the command line, while everybody scans."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import httpx
import pytest
from cards.offline.phones import new_key, signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from journeys.processes import RunningCity, wait_until
from journeys.scans import Scanner

from healthcloud import cards
from healthcloud_reader import Certificate, DeviceCode, SignedCertificate, certificate_message, device_message, step_at
from healthcloud_reader.offline import FileKeyHolder, Folder, Outcome, Reader, SetUp, sync

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PURPOSE = cards.CITY_SIGNATURE
SLOT, PHONES, LANES, PAUSE = 1, 40, 4, 0.05
SETTLED = 62
STEPS = (
    ("add", PURPOSE, "--algorithm", "P-256-SHA-256"),
    ("promote", PURPOSE, "--yes"),
    ("roll-back", PURPOSE, "--yes"),
    ("promote", PURPOSE, "--yes"),
    ("add", PURPOSE, "--algorithm", "SM2-SM3"),
    ("promote", PURPOSE, "--yes"),
)


class Phones(Scanner):
    """Residents' phones that sign their codes, a desk with a network and an ambulance without."""

    def __init__(self, city: RunningCity, url: str, reader: Reader) -> None:
        super().__init__(city, url)
        self._reader = reader
        self._line = asyncio.Lock()
        self._keys: dict[bytes, EllipticCurvePrivateKey] = {}
        self._certificates: dict[bytes, SignedCertificate] = {}
        self.read: Counter[str] = Counter()
        self.certified: Counter[str] = Counter()

    async def enrol(self, card_ids: list[bytes]) -> None:
        """Give each card a phone in its first slot, as enrolling does."""
        connection = await asyncpg.connect(self._owner)
        try:
            for card_id in card_ids:
                self._keys[card_id] = new_key()
                await connection.execute(
                    "INSERT INTO cards.slots (card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at)"
                    " VALUES ($1, $2, $3, 0, '演练', $3, $3, $4)",
                    card_id,
                    SLOT,
                    uuid.uuid4(),
                    datetime.now(UTC),
                )
        finally:
            await connection.close()
        for card_id in card_ids:
            self.certify(card_id)

    def certify(self, card_id: bytes) -> None:
        """Certify a phone as the city does, by the key that is current in its file."""
        city, _ = self._vault.signers(PURPOSE)[0]
        point = self._keys[card_id].public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        issued = step_at(datetime.now(UTC))
        certificate = Certificate(
            city.algorithm,
            city.id,
            card_id,
            SLOT,
            0,
            point,
            issued,
            10_080,
            level=2,
            sex=1,
            birth_year=1900,
            name="张*",
        )
        signed = self._vault.sign(PURPOSE, certificate_message(certificate.body()))
        self._certificates[card_id] = Certificate.decode(certificate.encode(signed.value))
        self.certified[f"{city.algorithm}"] += 1

    def code_of(self, card: bytes, step: int) -> str:
        """Return the text the phone of this card makes in this step."""
        signed = self._certificates[card]
        return DeviceCode(
            signed, step, signature(self._keys[card], device_message(signed.certificate.body(), step))
        ).text

    async def _scan(self, client: httpx.AsyncClient, card: bytes, terminal: UUID) -> None:
        await super()._scan(client, card, terminal)
        async with self._line:
            code = self.code_of(card, step_at(datetime.now(UTC)))
            answer = await asyncio.to_thread(self._reader.scan, code)
        self.read[f"{answer.outcome}{'' if answer.why is None else f' {answer.why}'}"] += 1

    async def keep_up(self) -> None:
        """Fetch the lists now and then, and have every third phone renew its certificate."""
        while not self.stopping:
            await asyncio.to_thread(sync, self._reader)
            for card_id in list(self._keys)[::3]:
                self.certify(card_id)
            await asyncio.sleep(15)


def a_reader(city: RunningCity, folder: Path) -> Reader:
    """Set a reader up with the key the command names."""
    [key] = city.json("keys", "trust")
    made = Folder(folder)
    FileKeyHolder(folder)
    made.keep_set_up(SetUp(city.url, key["id"], "救护车1", "000000"))
    made.close()
    return Reader(folder)


def lists_are_there(city: RunningCity) -> bool:
    answer = httpx.get(f"{city.url}/api/v1/offline/trust", trust_env=False, timeout=5)
    return answer.status_code == httpx.codes.OK


async def settled(working: list[asyncio.Task[None]]) -> None:
    """Wait until the next step may be taken; whoever works meanwhile must not end."""
    await asyncio.wait(working, timeout=SETTLED, return_when=asyncio.FIRST_COMPLETED)
    for task in working:
        assert not task.done(), task.exception()


@pytest.mark.drill
async def test_no_verification_fails_while_the_city_s_signature_changes(
    new_city: Callable[[], RunningCity], tmp_path: Path
) -> None:
    city = new_city()
    await asyncio.to_thread(city.start)
    await asyncio.to_thread(wait_until, lambda: lists_are_there(city), 90)
    with a_reader(city, tmp_path / "reader") as reader:
        await asyncio.to_thread(sync, reader)
        phones = Phones(city, city.command("db", "url", "--role", "owner").stdout.strip(), reader)
        held = (await phones.card_ids())[:PHONES]
        await phones.enrol(held)
        working = [asyncio.create_task(phones.keep_up()), asyncio.create_task(phones.run(held, LANES, PAUSE))]
        await settled(working)  # the first key is as new as the city
        for step in STEPS:
            done = await asyncio.to_thread(city.command, "keys", *step)
            assert done.returncode == 0, done.stderr
            await settled(working)
        phones.stopping = True
        await asyncio.gather(*working)
    assert phones.inventory.refused == []
    assert set(phones.read) == {str(Outcome.ACCEPTED), str(Outcome.REPEAT)}, phones.read
    assert set(phones.certified) == {"SM2-SM3", "P-256-SHA-256"}
    assert len(phones.inventory.acknowledged) > PHONES * len(STEPS)
    assert (await asyncio.to_thread(city.json, "cards", "revocations"))["age_seconds"] < 120
    assert (await asyncio.to_thread(city.json, "audit", "verify"))["sound"]
