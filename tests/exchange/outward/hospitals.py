"""Hospitals as they are: one that answers, one that hangs, refuses, drips, half-closes, or talks nonsense."""

import asyncio
import json
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from healthcloud import access, institutions
from healthcloud.access.clients.signature import read_header
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import hmac_sm3, sm3
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.exchange import outward


class Hospital:
    """A hospital's system: a small server that keeps what it took, once by message id, and checks who sent it."""

    def __init__(self, manner: str = "answers") -> None:
        self.manner = manner
        self.taken: dict[str, dict[str, Any]] = {}
        self.requests = 0
        self.within = 0
        self.most_within = 0
        self.order: list[Any] = []
        self.seconds = 0.0
        self.connections: set[asyncio.Task[None]] = set()
        self.arrivals: dict[str, float] = {}
        self.key_id = UUID(int=0)
        self.secret = b""
        self.port = 0
        self.open = asyncio.Event()
        self.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/take?from=city"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests on one connection until it ends."""
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) and await self._one(head, reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self.connections.discard(task)
            writer.transport.abort()

    async def _one(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests += 1
        self.within += 1
        self.most_within = max(self.most_within, self.within)
        try:
            return await self._answer(lines[0], headers, body, writer)
        finally:
            self.within -= 1

    async def _answer(self, first: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> bool:
        signed = read_header(headers["authorization"])
        _, target, _ = first.split(" ")
        right = access.sign_request(
            self.key_id, self.secret, "POST", target, body, timestamp=int(signed.timestamp), nonce=signed.nonce
        )
        assert headers["authorization"] == right
        await asyncio.sleep(self.seconds)
        await self.open.wait()
        if self.manner == "hangs":
            await asyncio.sleep(3600)
        if self.manner == "half-closes":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await writer.drain()
            writer.write_eof()
            await asyncio.sleep(0.05)
            return False
        if self.manner == "talks nonsense":
            writer.write(b"\x16\x03\x01MSH|^~\\&|nonsense\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)
            return False
        status = {"refuses": 422, "is busy": 503}.get(self.manner, 200)
        if status == 200:
            message = json.loads(body)
            if message["id"] not in self.taken:
                self.taken[message["id"]] = message
                self.order.append(message["body"].get("n"))
                self.arrivals[message["id"]] = time.monotonic()
        content = b'{"ok": true}' if self.manner != "floods" else b"x" * 300_000
        mac = hmac_sm3(self.secret, f"{status}\n{signed.nonce}\n{sm3(content).hex()}\n".encode()).hex()
        signature = "" if self.manner == "does not sign" else f"X-Signature: {mac}\r\n"
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n{signature}\r\n".encode() + content)
        await writer.drain()
        if self.manner == "dies after taking":
            self.manner = "answers"
        return True


@asynccontextmanager
async def standing(hospital: Hospital) -> AsyncIterator[Hospital]:
    """Have a hospital's system listen."""
    server = await asyncio.start_server(hospital.serve, "127.0.0.1", 0)
    hospital.port = server.sockets[0].getsockname()[1]
    try:
        yield hospital
    finally:
        server.close()
        for connection in list(hospital.connections):
            connection.cancel()
        await asyncio.gather(*hospital.connections, return_exceptions=True)


async def an_institution(database: Database, number: int) -> UUID:
    """Enter an institution."""
    wish = institutions.InstitutionWish(
        institutions.Particulars(
            name=f"试验医院{number}", class_code="A100", ownership_code="1", district_code="370402"
        ),
        (institutions.OutsideNumber(institutions.NumberKind.PLATFORM, f"KGA{number:05}"),),
    )
    opened = await database.transact(lambda tx: institutions.open_institution(tx, SYSTEM, wish))
    return opened.institution_id


async def connect(
    database: Database, hospital: Hospital, institution_id: UUID, *, in_flight: int = 4, timeout_ms: int = 1000
) -> None:
    """Give the city the hospital's address, and the hospital its key."""
    wish = outward.endpoints.EndpointWish(
        hospital.url,
        (outward.PERSON_CHANGED, outward.CARD_CHANGED),
        in_flight=in_flight,
        timeout_ms=timeout_ms,
    )
    terms = outward.endpoints.Terms()
    key = await database.transact(lambda tx: outward.endpoints.put_endpoint(tx, SYSTEM, institution_id, wish, terms))
    if key.key_id is not None and key.secret is not None:
        hospital.key_id, hospital.secret = key.key_id, b64decode(key.secret)


async def post(database: Database, institution_id: UUID, n: int = 0, **more: Any) -> UUID:
    """Put a message on its way."""
    key = more.pop("key", str(new_id()))

    async def send(tx: Transaction) -> UUID | None:
        return await outward.send(tx, institution_id, outward.PERSON_CHANGED, key, {"n": n}, **more)

    sent = await database.transact(send)
    assert sent is not None
    return sent
