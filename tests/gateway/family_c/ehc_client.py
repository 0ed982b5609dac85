"""A small client of family C, written from domain/electronic-health-card.md section 5 and from nothing of ours."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from gateway.second import decrypted, digest, encrypted

PATH = "/erhc/ehealthcard/business.do"


@dataclass
class EhcClient:
    """One hospital's program; `now` returns milliseconds."""

    http: httpx.AsyncClient
    app_id: str
    secret: str
    term_id: str = "T1"

    def envelope(self, method: str, biz: dict[str, Any], now: int) -> dict[str, str]:
        plain = json.dumps(biz, ensure_ascii=False, separators=(",", ":"))
        text = (
            f"app_id={self.app_id}&biz_content={plain}&digest_type=SM3&enc_type=SM4&method={method}"
            f"&term_id={self.term_id}&timestamp={now}&version=X.M.0.1&app_secret={self.secret}"
        )
        return {
            "app_id": self.app_id,
            "term_id": self.term_id,
            "method": method,
            "timestamp": str(now),
            "version": "X.M.0.1",
            "digest_type": "SM3",
            "digest": digest(text.encode()),
            "enc_type": "SM4",
            "biz_content": encrypted(self.secret.encode(), plain.encode()).hex(),
        }

    async def send(self, envelope: dict[str, Any] | bytes) -> dict[str, Any]:
        """Send as it is; return the answer with its content in the clear, once its digest was found right."""
        content = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        answer = await self.http.post(PATH, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        if "digest" in told:
            plain = decrypted(self.secret.encode(), bytes.fromhex(told["biz_content"])).decode()
            signed = {name: value for name, value in told.items() if name not in ("digest", "request_id")}
            pairs = sorted((signed | {"biz_content": plain}).items())
            text = "&".join(f"{name}={value}" for name, value in pairs) + f"&app_secret={self.secret}"
            assert told["digest"] == digest(text.encode())
            told["biz_content"] = json.loads(plain)
        return told

    async def ask(self, method: str, biz: dict[str, Any], now: float) -> dict[str, Any]:
        """Ask for something; `now` in Unix seconds."""
        return await self.send(self.envelope(method, biz, round(now * 1000)))
