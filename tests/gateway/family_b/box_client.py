"""A small client of family B, written from domain/electronic-health-card.md section 5 and from nothing of ours."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import httpx
from gateway.second import decrypted, digest, encrypted

PATH = "/api/do"
STARRED = ("name", "idCode", "phone", "linkman", "telephone", "motherName", "motherIdCode", "checkIdCode")


def signature(fields: dict[str, Any], secret: str) -> str:
    """Sort by name, leave out what is empty, end with the key."""
    told = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for name, value in fields.items()
        if value not in (None, "")
    }
    text = "&".join(f"{name}={told[name]}" for name in sorted(told)) + f"&key={secret}"
    return digest(text.encode()).upper()


@dataclass
class BoxClient:
    """One hospital's front box."""

    http: httpx.AsyncClient
    app_id: str
    secret: str

    def envelope(self, method: str, body: dict[str, Any], now: float, nonce: str | None = None) -> dict[str, Any]:
        key = self.secret.encode()
        sent = {
            name: encrypted(key, value.encode()).hex() if name in STARRED else value for name, value in body.items()
        }
        head = {
            "appId": self.app_id,
            "nonceStr": nonce or secrets.token_hex(16),
            "timestamp": encrypted(key, str(int(now)).encode()).hex(),
            "version": "V2.0.0",
        }
        return {
            "method": method,
            **head,
            "headSign": signature(head, self.secret),
            "bodySign": signature(sent, self.secret),
            "signMode": "SM3",
            "encryptMode": "SM4/ECB/ZeroBytePadding",
            "body": sent,
        }

    async def send(self, envelope: dict[str, Any] | bytes) -> dict[str, Any]:
        """Send as it is; return the answer with its body in the clear, once its signatures were found right."""
        content = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        answer = await self.http.post(PATH, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        if "bodySign" in told:
            head = {name: told[name] for name in ("appId", "nonceStr", "timestamp", "version")}
            assert told["headSign"] == signature(head, self.secret)
            assert told["bodySign"] == signature(told["body"], self.secret)
            told["body"] = {
                name: decrypted(self.secret.encode(), bytes.fromhex(value)).decode() if name in STARRED else value
                for name, value in told["body"].items()
            }
        return told

    async def ask(self, method: str, body: dict[str, Any], now: float) -> dict[str, Any]:
        return await self.send(self.envelope(method, body, now))
