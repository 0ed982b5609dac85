"""A day in an ambulance: certified at home, read with no network, stopped by the city, and told once in the end."""

import asyncio
import io
import json
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from cards.offline.lists import publish
from cards.offline.phones import OwnPhone, own_phone
from cards.scanning import REGISTRATION, Hospital, Town, a_town

from healthcloud import cards
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database
from healthcloud_reader import step_at
from healthcloud_reader.offline import (
    Clock,
    FileKeyHolder,
    Folder,
    NoNetwork,
    Outcome,
    Reader,
    Refusal,
    SetUp,
    sync,
    upload,
)
from healthcloud_reader.offline.link import LATE, Response, ask
from healthcloud_reader.terminal import main


@pytest.fixture(scope="module")
async def served_town(database: Database) -> AsyncIterator[Town]:
    async with a_town(database) as town:
        yield town


@pytest.fixture
def town(served_town: Town) -> Town:
    served_town.database.clock = REAL_CLOCK
    return served_town


class Minute:
    """One minute in which all of a test happens, however long it takes: the reader's clock stands at its beginning."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.step = step_at(town.now)

    def clock(self, offset: float) -> Clock:
        return Clock(offset, wall=lambda: self.step * 60, ticks=lambda: 0)

    def code(self, phone: OwnPhone, off: int = 0) -> str:
        return phone.code(self.step + off - step_at(self.town.now))


def undated(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
    return ask(method, url, headers, body)._replace(date=None)


def made_ready(path: Path, town: Town, hospital: Hospital, minute: Minute) -> Reader:
    """Set a reader up as its hospital does, with the first key as the city tells it by another way."""
    key = town.database.vault.trust_list(cards.CITY_SIGNATURE)[0].public.id
    folder = Folder(path)
    FileKeyHolder(path).put_client_secret(hospital.secret)
    url = str(town.http.base_url).rstrip("/")
    folder.keep_set_up(SetUp(url, key, str(hospital.window), REGISTRATION, str(hospital.key_id)))
    folder.close()
    return Reader(path, clock=minute.clock)


async def test_a_day_without_a_network(town: Town, tmp_path: Path) -> None:
    phone = await own_phone(town)
    await publish(town)
    minute = Minute(town)
    reader = made_ready(tmp_path / "here", town, town.here, minute)
    await asyncio.to_thread(sync, reader, undated)

    # The network is gone. The phone makes codes, the reader takes each once.
    first = reader.scan(minute.code(phone, -1))
    assert first.outcome is Outcome.ACCEPTED
    assert first.holder is not None
    assert "*" in first.holder.name
    assert reader.scan(minute.code(phone, -1)).outcome is Outcome.REPEAT
    later = minute.code(phone)
    assert reader.scan(later).outcome is Outcome.ACCEPTED
    assert reader.scan(minute.code(phone, -1)).why is Refusal.REPLAYED
    assert reader.scan(minute.code(phone, -5)).why is Refusal.CODE_OLD
    reader.close()

    # The holder freezes the card; the next delta reaches the reader, also after a restart.
    await town.act(phone.holder, "/freeze")
    await publish(town)
    with Reader(tmp_path / "here", clock=minute.clock) as reader:
        await asyncio.to_thread(sync, reader, undated)
        assert reader.scan(minute.code(phone, 1)).why is Refusal.REVOKED

        # What was done is told: an answer is lost on the way, and it is told again.
        lost = True

        def losing(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
            nonlocal lost
            answer = undated(method, url, headers, body)
            if url.endswith(LATE) and lost:
                lost = False
                raise NoNetwork
            return answer

        with pytest.raises(NoNetwork):
            await asyncio.to_thread(upload, reader, losing)
        told = await asyncio.to_thread(upload, reader, losing)
        assert (told.settled, told.aside) == (2, 0)
        assert reader.waiting(9) == []
    uses = await town.uses(phone.holder)
    assert [(use["terminal"], use["mark"]) for use in uses] == [("挂号窗口1", None)] * 2
    assert all(use["received_at"] is not None for use in uses)


async def test_two_readers_can_be_fooled_within_a_step_and_the_city_finds_out(town: Town, tmp_path: Path) -> None:
    phone = await own_phone(town)
    await publish(town)
    minute = Minute(town)
    here = made_ready(tmp_path / "here", town, town.here, minute)
    there = made_ready(tmp_path / "there", town, town.there, minute)
    code = minute.code(phone)
    for reader in (here, there):
        await asyncio.to_thread(sync, reader, undated)
        assert reader.scan(code).outcome is Outcome.ACCEPTED
    assert (await asyncio.to_thread(upload, here, undated)).aside == 0
    assert (await asyncio.to_thread(upload, there, undated)).aside == 1
    assert [one.problem for one in there.aside()] == ["elsewhere"]
    assert sorted(str(use["mark"]) for use in await town.uses(phone.holder)) == ["None", "elsewhere"]
    here.close()
    there.close()


async def test_what_the_city_does_not_take_stays_with_its_reason(town: Town, tmp_path: Path) -> None:
    await publish(town)
    with made_ready(tmp_path / "here", town, town.here, Minute(town)) as reader:
        await asyncio.to_thread(sync, reader, undated)
        assert reader.scan("AB" * 32 + ":0:" + "CD" * 16 + "::").outcome is Outcome.UNVERIFIED
        holder = await town.holder()
        assert reader.scan(await town.shown(holder)).outcome is Outcome.UNVERIFIED
        told = await asyncio.to_thread(upload, reader, undated)
        assert (told.settled, told.aside) == (1, 1)
        assert [one.problem for one in reader.aside()] == ["code-forged"]
    [use] = await town.uses(holder)
    assert use["mark"] is None


async def test_the_command_does_it_all(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run(*arguments: str) -> int:
        return await asyncio.to_thread(main, ["--folder", str(tmp_path / "reader"), *arguments])

    phone = await own_phone(town)
    await publish(town)
    given = {"key_id": str(town.here.key_id), "algorithm": "HMAC-SM3", "secret": b64encode(town.here.secret).decode()}
    (tmp_path / "his.json").write_text(json.dumps(given))
    url, key = str(town.http.base_url).rstrip("/"), town.database.vault.trust_list(cards.CITY_SIGNATURE)[0].public.id
    place = ("--terminal", "挂号窗口1", "--scene", REGISTRATION, "--client-key", str(tmp_path / "his.json"))
    assert await run("init", "--city", url, "--key", key, *place) == 0
    assert await run("sync") == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(phone.code() + "\r\n"))
    assert await run("scan", "--json") == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "accepted"
    assert await run("upload") == 0
    assert await run("status") == 0
    [use] = await town.uses(phone.holder)
    assert use["received_at"] is not None
