"""A hospital's program that signs its requests."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from access.town import API, HOSPITAL, Town

from healthcloud import access
from healthcloud.access import Algorithm, sign_request
from healthcloud.core import crypto
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import PublicKey
from healthcloud.core.crypto.sm2 import Sm2PrivateKey

PATH = f"{API}/signature"
BODY = b'{"code":"7"}'


@dataclass
class Machine:
    """A hospital's program with its key."""

    town: Town
    browser: httpx.AsyncClient
    client_id: UUID
    key_id: UUID
    secret: bytes
    algorithm: Algorithm = Algorithm.SM3

    def header(self, method: str = "POST", target: str = PATH, body: bytes = BODY, **other: Any) -> str:
        how: dict[str, Any] = {"timestamp": int(self.town.now.timestamp()), "algorithm": self.algorithm} | other
        return sign_request(self.key_id, self.secret, method, target, body, **how)

    async def ask(
        self, header: str | None = None, method: str = "POST", target: str = PATH, body: bytes = BODY
    ) -> httpx.Response:
        headers = {"Authorization": self.header(method, target, body) if header is None else header}
        return await self.browser.request(method, target, content=body, headers=headers)


async def a_machine(
    town: Town, *, algorithm: Algorithm = Algorithm.SM3, scopes: tuple[str, ...] = ("cards.verify",), quota: int = 200
) -> Machine:
    made = await town.database.transact(
        lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", scopes, quota_per_second=quota)
    )
    machine = Machine(town, await town.browser(), made.client_id, made.client_id, b"", algorithm)
    await another_key(machine)
    return machine


async def another_key(machine: Machine, **other: Any) -> None:
    """Give the machine another key, to sign with from now on."""
    pair = Sm2PrivateKey.generate() if machine.algorithm is Algorithm.SM2 else None
    public = PublicKey(crypto.Algorithm.SM2_SM3, pair.point).pem() if pair else ""
    key = await machine.town.database.transact(
        lambda tx: access.add_client_key(
            tx, SYSTEM, machine.client_id, algorithm=machine.algorithm, public_key=public, **other
        )
    )
    machine.key_id, machine.secret = key.key_id, pair.raw() if pair else b64decode(key.secret)


def code(answer: httpx.Response) -> str:
    return "ok" if answer.status_code == 200 else str(answer.json()["code"])
