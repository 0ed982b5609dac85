"""The open platform's envelope: `commonIn` and `req` in, `commonOut` and `rsp` out; always HTTP 200."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from healthcloud.core.errors import FieldFault, Malformed, Problem
from healthcloud.gateway.codes import FaceCodes, message_of
from healthcloud.gateway.fields import DEPTH, Fields, read_object

# Old clients spell a capital I as a small L: the platform's own historical misspellings.
MISSPELT = {
    "appld": "appId",
    "openld": "openId",
    "healthCardld": "healthCardId",
    "relateAppld": "relateAppId",
    "relateOpenld": "relateOpenId",
}
_ENCODER = msgspec.json.Encoder()
_OBJECT: msgspec.json.Decoder[dict[str, object]] = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it was sent, which is what was signed; `fields` are of `req` in today's spelling."""

    common: dict[str, Any] = field(repr=False)
    wish: dict[str, Any] = field(repr=False)

    @property
    def request_id(self) -> str:
        """What the client calls this request; empty where it says nothing."""
        told = self.common.get("requestId")
        return told[:128] if isinstance(told, str) else ""

    @property
    def fields(self) -> Fields:
        """What is asked for."""
        return Fields(spelt(self.wish), "#/req")


def read(body: bytes) -> Message:
    """Return the message in a body; raise Malformed."""
    # A field named twice counts as its last, for the signature too, so nobody can make two readers differ.
    is_plain = body.count(b"{") + body.count(b"[") <= DEPTH and b"\\u0000" not in body
    parts = _plain_object(body) if is_plain else read_object(body)
    common, wish = parts.get("commonIn"), parts.get("req")
    if not isinstance(common, dict) or not isinstance(wish or {}, dict):
        fault = FieldFault("#/commonIn", "must be objects commonIn and req", "应为对象 commonIn 和 req")
        raise Malformed(faults=(fault,))
    return Message(common, dict(wish) if isinstance(wish, dict) else {})


def _plain_object(body: bytes) -> dict[str, object]:
    try:
        return _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        fault = FieldFault("#", "is no JSON object in UTF-8", "不是 UTF-8 编码的 JSON 对象")
        raise Malformed(faults=(fault,)) from None


def spelt(told: Any) -> Any:
    """Return what was sent with the keys in today's spelling, at any depth."""
    if isinstance(told, dict):
        return {MISSPELT.get(key, key): spelt(value) for key, value in told.items()}
    if isinstance(told, list):
        return [spelt(one) for one in told]
    return told


def answered(request_id: str, answer: object) -> bytes:
    """Write an answer."""
    return _ENCODER.encode({"commonOut": _out(request_id, 0, ""), "rsp": answer})


def refused(request_id: str, codes: FaceCodes, problem: Problem) -> bytes:
    """Write a refusal: the platform's code, and our own code and sentence in `errMsg`."""
    return _ENCODER.encode({"commonOut": _out(request_id, int(codes.of(problem)), message_of(problem)), "rsp": {}})


def _out(request_id: str, code: int, message: str) -> dict[str, object]:
    return {"requestId": request_id, "resultCode": code, "errMsg": message}
