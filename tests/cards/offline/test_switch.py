"""The city changes the algorithm it certifies phones with, and back, while desks and offline readers go on scanning."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cards.offline.lists import publish
from cards.offline.phones import OwnPhone, own_phone
from cards.scanning import REGISTRATION, Town, a_town, said
from fixtures.databases import Copy

from healthcloud import cards
from healthcloud.core.crypto import Algorithm, FileKeyStore, KeyState, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud.server.purposes import PURPOSES
from healthcloud_reader.offline import FileKeyHolder, Folder, Outcome, Reader, SetUp, sync

PURPOSE = cards.CITY_SIGNATURE
PHONES, DESKS = 4, 3


@dataclass
class Switch:
    """A town whose keys a test may change at once, and a reader that was set up with its first."""

    town: Town
    keys: FileKeyStore
    reader: Reader
    outcomes: Counter[str] = field(default_factory=Counter)
    over: bool = False
    line: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(key.algorithm.value, key.state.value) for key in self.keys.ring(PURPOSE).keys]

    async def spread(self) -> None:
        """Let the lists reach the reader, as within a minute."""
        await publish(self.town)
        await asyncio.to_thread(sync, self.reader)

    async def desk(self, phones: list[OwnPhone]) -> None:
        """Scan one phone after the other, at a desk with a network and at one without."""
        chance = random.Random(7)  # noqa: S311 - an order, no secret
        while not self.over:
            phone = chance.choice(phones)
            self.outcomes[f"desk: {said(await self.town.scan(phone.code()))}"] += 1
            # One at a time: of two codes of one phone the reader takes none that is older than the last.
            async with self.line:
                answer = await asyncio.to_thread(self.reader.scan, phone.code())
            self.outcomes[f"reader: {answer.outcome}{'' if answer.why is None else f' {answer.why}'}"] += 1


@pytest.fixture
async def switch(fresh_copy: Copy, tmp_path: Path) -> AsyncIterator[Switch]:
    create_development_keys(tmp_path / "keys.json", PURPOSES)
    keys = FileKeyStore(tmp_path / "keys.json", settling=timedelta())
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys))
    async with a_town(database) as town:
        await publish(town)
        folder = Folder(tmp_path / "reader")
        FileKeyHolder(tmp_path / "reader").put_client_secret(town.here.secret)
        url, key = str(town.http.base_url).rstrip("/"), keys.ring(PURPOSE).keys[0].tool
        folder.keep_set_up(
            SetUp(url, key.public.id, str(town.here.window), REGISTRATION, str(town.here.key_id))  # type: ignore[union-attr]  # a ring of signers
        )
        folder.close()
        with Reader(tmp_path / "reader") as reader:
            await asyncio.to_thread(sync, reader)
            yield Switch(town, keys, reader)
    await database.close()


GOOD = {"desk: taken", "desk: repeat", f"reader: {Outcome.ACCEPTED}", f"reader: {Outcome.REPEAT}"}


async def test_sm2_to_p256_and_back_and_ed25519_with_no_failed_verification(switch: Switch) -> None:
    phones = [await own_phone(switch.town) for _ in range(PHONES)]
    desks = [asyncio.create_task(switch.desk(phones)) for _ in range(DESKS)]
    for algorithm in (Algorithm.P256_SHA256, Algorithm.SM2_SM3, Algorithm.ED25519, Algorithm.SM2_SM3):
        switch.keys.add_key(PURPOSE, algorithm)
        await switch.spread()
        switch.keys.promote(PURPOSE)
        await switch.spread()
        # Half of the phones renew now, the others keep a certificate of a former key.
        phones[: PHONES // 2] = [await phone.certified() for phone in phones[: PHONES // 2]]
        phones.append(await own_phone(switch.town))
        await asyncio.sleep(0.2)
    switch.keys.roll_back(PURPOSE)
    await switch.spread()
    phones.append(await own_phone(switch.town))
    await asyncio.sleep(0.2)
    switch.over = True
    await asyncio.gather(*desks)
    assert set(switch.outcomes) <= GOOD, switch.outcomes
    assert sum(switch.outcomes.values()) > 100
    used = {phone.signed.certificate.algorithm for phone in phones if phone.signed is not None}
    assert used == {Algorithm.SM2_SM3, Algorithm.P256_SHA256, Algorithm.ED25519}
    assert switch.states[0] == ("Ed25519", KeyState.CURRENT)


async def test_a_key_retired_too_early_refuses_its_phones_in_words(switch: Switch) -> None:
    # The control: without the wait for the last certificate of the old key, verifications do fail.
    phone = await own_phone(switch.town)
    switch.keys.add_key(PURPOSE, Algorithm.P256_SHA256)
    await switch.spread()
    switch.keys.promote(PURPOSE)
    switch.keys.retire(PURPOSE)
    await switch.spread()
    assert said(await switch.town.scan(phone.code())) == "city-key-unknown"
    assert switch.reader.scan(phone.code()).outcome is Outcome.REFUSED
    assert said(await switch.town.scan((await phone.certified()).code())) == "taken"


async def test_a_reader_that_slept_through_the_switch_follows_by_the_key_it_knows(switch: Switch) -> None:
    switch.keys.add_key(PURPOSE, Algorithm.P256_SHA256)
    switch.keys.promote(PURPOSE)
    switch.keys.add_key(PURPOSE, Algorithm.ED25519)
    switch.keys.promote(PURPOSE)
    phone = await own_phone(switch.town)
    await switch.spread()
    assert switch.reader.scan(phone.code()).outcome is Outcome.ACCEPTED
