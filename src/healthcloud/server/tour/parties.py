"""Who takes part: a resident with a browser, and a hospital's machine that signs its requests."""

import secrets
import ssl
from base64 import b64decode
from typing import Any

import httpx
import msgspec

from healthcloud import access
from healthcloud.server.demonstration import Machine


class ResidentBrowser:
    """A resident's browser: JSON, cookies, and a new Idempotency-Key for each wish."""

    def __init__(self, city: str, trusted: ssl.SSLContext) -> None:
        self._client = httpx.AsyncClient(
            base_url=city, timeout=30, trust_env=False, verify=trusted, headers={"Origin": city}
        )

    async def get(self, path: str) -> httpx.Response:
        """Look."""
        return await self._client.get(path)

    async def post(self, path: str, wish: dict[str, Any]) -> httpx.Response:
        """Ask for something."""
        return await self._client.post(path, json=wish, headers={"Idempotency-Key": secrets.token_hex(16)})

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


class HospitalMachine:
    """A hospital's machine."""

    def __init__(self, city: str, trusted: ssl.SSLContext, machine: Machine) -> None:
        self.machine = machine
        self._secret = b64decode(machine.secret)
        self._client = httpx.AsyncClient(base_url=city, timeout=30, trust_env=False, verify=trusted)

    async def post(self, path: str, wish: dict[str, Any]) -> httpx.Response:
        """Ask, signed."""
        body = msgspec.json.encode(wish)
        algorithm = access.Algorithm(self.machine.algorithm)
        signed = access.sign_request(self.machine.key_id, self._secret, "POST", path, body, algorithm=algorithm)
        headers = {
            "Authorization": signed,
            "Content-Type": "application/json",
            "Idempotency-Key": secrets.token_hex(16),
        }
        return await self._client.post(path, content=body, headers=headers)

    async def scan(self, code: str) -> httpx.Response:
        """Verify a code at this machine's desk."""
        return await self.post("/api/v1/cards/verify", {"code": code, "terminal": str(self.machine.terminal_id)})

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()
