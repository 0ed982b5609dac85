"""A hospital whose HL7 lines are known by their address, and a listener on a port of its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from institutions.entering import MANAGER, wish, ws218

from healthcloud import access, institutions
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.settings import Settings
from healthcloud.gateway.hl7.carrying import Carrier
from healthcloud.gateway.hl7.framing import Framer, framed
from healthcloud.gateway.hl7.listening import Listener
from healthcloud.gateway.hl7.reading import Message, read_message
from healthcloud.gateway.serving import Exchanged

SCOPES = ("exchange.hl7", "exchange.deliver", "index.submit")


@dataclass(frozen=True)
class Hospital:
    """An institution with a program that speaks HL7."""

    id: UUID
    number: str
    client_id: UUID

    @property
    def caller(self) -> Caller:
        return Caller(CallerKind.CLIENT, self.client_id, frozenset(SCOPES), institution_id=self.id)


@dataclass(frozen=True)
class Line:
    """A listener, and what it kept as evidence."""

    database: Database
    carrier: Carrier
    listener: Listener
    port: int
    kept: list[Exchanged]

    async def send(self, *pieces: bytes, answers: int = 1, half_close: bool = False) -> list[Message]:
        """Send bytes as they are and return so many ACKs."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if half_close:
            writer.write_eof()
        found: list[bytes] = []
        framer = Framer()
        while len(found) < answers and (data := await asyncio.wait_for(reader.read(65536), 20)):
            found += framer.feed(data)
        writer.close()
        return [read_message(one.replace(b"MSA|AR||", b"MSA|AR|-|")) for one in found]

    async def told(self, *messages: str) -> list[tuple[str, str, str]]:
        """Send messages one after the other; return MSA-1, MSA-2 and our code of each."""
        acks = await self.send(b"".join(framed(one.encode()) for one in messages), answers=len(messages))
        await self.carrier._placing.settled()
        return [said(one) for one in acks]


def said(ack: Message) -> tuple[str, str, str]:
    msa, err = ack.first("MSA"), ack.first("ERR")
    assert msa is not None
    return msa.get(1), msa.get(2), err.get(5) if err else ""


async def hospital_of(
    database: Database, *, scopes: tuple[str, ...] = SCOPES, addresses: tuple[str, ...] = ()
) -> Hospital:
    number = ws218()
    opened = await database.transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("ws218", number))))
    client = await database.transact(
        lambda tx: access.create_client(
            tx, SYSTEM, opened.institution_id, "HIS", scopes, quota_per_second=10_000, addresses=addresses
        )
    )
    return Hospital(opened.institution_id, number, client.client_id)


@pytest.fixture(scope="module")
async def here(database: Database) -> Hospital:
    await institutions.load_standard_sets(database, SYSTEM)
    return await hospital_of(database, addresses=("127.0.0.1",))


@pytest.fixture(scope="module")
async def line(database: Database) -> AsyncIterator[Line]:
    kept: list[Exchanged] = []

    class Keeping:
        async def keep(self, exchanged: Exchanged) -> None:
            kept.append(exchanged)

    carrier = Carrier(database, Settings(workers=1), Keeping())
    listener = Listener(
        carrier.answer, carrier.refuse, most_bytes=200_000, unended_seconds=0.05, unfinished_seconds=0.2
    )
    port = await listener.open("127.0.0.1", 0)
    yield Line(database, carrier, listener, port, kept)
    await listener.close()
    await carrier.close()
