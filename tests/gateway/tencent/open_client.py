"""A small client of the open platform, written from its public description alone."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import httpx

AUTH = "/rest/auth/HealthCard/HealthOpenAuth/AuthObj/"
MAIN = "/rest/auth/HealthCard/HealthOpenPlatform/ISVOpenObj/"
CARD = "/rest/auth/TXHealthCard/EHealthCardServer/ISVOpenObj/"


class OpenClient:
    """Speaks for one app."""

    def __init__(self, http: httpx.AsyncClient, app_id: str, secret: str) -> None:
        self.http, self.app_id, self.secret = http, app_id, secret
        self.token = ""

    def sign(self, told: dict[str, Any]) -> str:
        pairs = []
        for key in sorted(told):
            value = told[key]
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            pairs.append(f"{key}={plain}")
        return b64encode(sha256(("&".join(pairs) + self.secret).encode()).digest()).decode()

    def body(self, wish: dict[str, Any], now: float, request_id: str, **common: Any) -> dict[str, Any]:
        head = {
            "appToken": self.token,
            "requestId": request_id,
            "hospitalId": "30646",
            "timestamp": str(int(now)),
            "channelNum": 0,
        } | common
        return {"commonIn": {**head, "sign": self.sign({**head, **wish})}, "req": wish}

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        answer = await self.http.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def ask(
        self, method: str, wish: dict[str, Any], now: float, request_id: str, prefix: str = MAIN
    ) -> dict[str, Any]:
        return await self.post(prefix + method, self.body(wish, now, request_id))
