"""
An SMS aggregator that sends nothing and shows everything.

    POST /v1/messages    {"phone", "text", "reference"} signed (signing.py) → {"message_id", "duplicate"}
    GET  /               a page listing what was sent, newest first
    GET  /messages.json  the same for machines; ?phone= for one number
    PUT  /behaviour      {"fail_next": n, "refused": [phone, …], "delay_seconds": s}: how it is to misbehave
"""

import asyncio
import json
from dataclasses import asdict, dataclass, field
from html import escape
from string import Template

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from healthcloud_simulators.declared import Declared
from healthcloud_simulators.options import Options
from healthcloud_simulators.signing import signature_fault
from healthcloud_simulators.sms_inbox import SmsInbox, SmsMessage

LONGEST_TEXT = 500

_PAGE = Template("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>短信模拟器</title></head>
<body><h1>短信模拟器 · SMS simulator</h1>
<p>这里的短信没有发到任何手机，仅供开发和演示。页面每 3 秒刷新。Nothing here reaches a phone.</p>
<table border="1" cellpadding="6"><thead><tr><th>时间 (UTC)</th><th>号码</th><th>内容</th></tr></thead>
<tbody>$rows</tbody></table></body></html>
""")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}


@dataclass(slots=True)
class Behaviour:
    """How the simulator is to misbehave, for drills."""

    fail_next: int = 0  # this many requests are answered 503
    refused: list[str] = field(default_factory=list)  # numbers that cannot be reached: 422
    delay_seconds: float = 0


class SmsSimulator:
    """The aggregator's side of the protocol."""

    def __init__(self, options: Options) -> None:
        self._key = options.key
        self._inbox = SmsInbox(options.file)
        self._behaviour = Behaviour()

    def app(self) -> ASGIApp:
        """Return the application, declared as a simulator on every answer."""
        routes = [
            Route("/v1/messages", self.send, methods=["POST"]),
            Route("/", self.page),
            Route("/messages.json", self.messages),
            Route("/behaviour", self.behave, methods=["PUT"]),
        ]
        return Declared(Starlette(routes=routes), "sms")

    async def send(self, request: Request) -> JSONResponse:
        """Take one message, once per reference."""
        body = await request.body()
        fault = signature_fault(self._key, request.method, request.url.path, request.headers, body)
        if fault:
            return _refused(401, "signature", fault)
        await asyncio.sleep(self._behaviour.delay_seconds)
        if self._behaviour.fail_next > 0:
            self._behaviour.fail_next -= 1
            return _refused(503, "busy", "told to fail")
        wish = _wish(body)
        if wish is None:
            return _refused(400, "malformed", "phone, text (at most 500 characters) and reference are needed")
        phone, text, reference = wish
        if phone in self._behaviour.refused:
            return _refused(422, "unreachable", "told that this number cannot be reached")
        message, is_new = self._inbox.take(reference, phone, text)
        if (message.phone, message.text) != (phone, text):
            return _refused(409, "reference-reused", "this reference already names another message")
        return JSONResponse({"message_id": message.reference, "duplicate": not is_new})

    async def page(self, _request: Request) -> HTMLResponse:
        """Show what was sent."""
        rows = "".join(_row(message) for message in self._inbox.newest())
        return HTMLResponse(_PAGE.substitute(rows=rows or '<tr><td colspan="3">还没有短信</td></tr>'), headers=_HEADERS)

    async def messages(self, request: Request) -> JSONResponse:
        """List what was sent, newest first."""
        return JSONResponse([asdict(m) for m in self._inbox.newest(request.query_params.get("phone"))])

    async def behave(self, request: Request) -> JSONResponse:
        """Change how the simulator misbehaves; what is left out is as it should be."""
        self._behaviour = Behaviour(**await request.json())
        return JSONResponse(asdict(self._behaviour))


def create_app(options: Options) -> ASGIApp:
    """Return the SMS simulator as an ASGI application."""
    return SmsSimulator(options).app()


def _refused(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"code": code, "message": message}, status)


def _wish(body: bytes) -> tuple[str, str, str] | None:
    try:
        sent = json.loads(body)
        wish = (sent["phone"], sent["text"], sent["reference"])
    except (ValueError, KeyError, TypeError):
        return None
    if not all(isinstance(part, str) and part for part in wish) or len(wish[1]) > LONGEST_TEXT:
        return None
    return wish


def _row(message: SmsMessage) -> str:
    cells = (message.received_at, message.phone, message.text)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
