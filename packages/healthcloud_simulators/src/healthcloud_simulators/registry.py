r"""
A population registry that knows only people who do not exist.

    POST /v1/check       {"name", "kind", "number"} signed (signing.py) → {"verdict"}, signed as well:
                         X-Signature over STATUS\nNONCE\nhex(SHA-256(body))\n
    POST /records        {"number", "name", "deceased"?}: somebody more, or otherwise than the seed has them
    GET  /residents.json ?count=&start=: whom the seed makes
    PUT  /behaviour      {"fail_next": n, "delay_seconds": s, "unsigned_next": n}: how it is to misbehave
    GET  /               a page with some of them
"""

import asyncio
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from html import escape
from string import Template
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from healthcloud_simulators.declared import Declared
from healthcloud_simulators.options import Options
from healthcloud_simulators.population import Resident, resident, residents
from healthcloud_simulators.signing import signature_fault

SEED = 370400
MOST_LISTED = 1000

_PAGE = Template("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>人口库模拟器</title></head>
<body><h1>人口库模拟器 · Population registry simulator</h1>
<p>以下人员均为虚构，仅供开发和演示。Nobody here exists.</p>
<table border="1" cellpadding="6"><thead><tr><th>姓名</th><th>性别</th><th>公民身份号码</th></tr></thead>
<tbody>$rows</tbody></table></body></html>
""")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody the registry was told of."""

    number: str
    name: str
    deceased: bool = False


@dataclass(slots=True)
class Behaviour:
    """How the simulator is to misbehave, for drills."""

    fail_next: int = 0  # this many checks are answered 503
    delay_seconds: float = 0
    unsigned_next: int = 0  # this many answers carry a wrong signature


class RegistrySimulator:
    """The registry's side of the protocol."""

    def __init__(self, options: Options, seed: int = SEED) -> None:
        self._key = options.key
        self._file = options.file
        self._seed = seed
        self._records: dict[str, Record] = {}
        self._behaviour = Behaviour()
        if options.file is not None and options.file.exists():
            for line in options.file.read_text(encoding="utf-8").splitlines():
                record = Record(**json.loads(line))
                self._records[record.number] = record

    def app(self) -> ASGIApp:
        """Return the application, declared as a simulator on every answer."""
        routes = [
            Route("/v1/check", self.check, methods=["POST"]),
            Route("/records", self.add_record, methods=["POST"]),
            Route("/residents.json", self.listed),
            Route("/behaviour", self.behave, methods=["PUT"]),
            Route("/", self.page),
        ]
        return Declared(Starlette(routes=routes), "registry")

    async def check(self, request: Request) -> Response:
        """Say whether a name and a number belong together."""
        body = await request.body()
        fault = signature_fault(self._key, request.method, request.url.path, request.headers, body)
        if fault:
            return JSONResponse({"code": "signature", "message": fault}, 401)
        await asyncio.sleep(self._behaviour.delay_seconds)
        if self._behaviour.fail_next > 0:
            self._behaviour.fail_next -= 1
            return JSONResponse({"code": "busy", "message": "told to fail"}, 503)
        claim = _claim(body)
        if claim is None:
            return JSONResponse({"code": "malformed", "message": "name, kind and number are needed"}, 400)
        return self._signed(request.headers["x-nonce"], {"verdict": self._verdict(*claim)})

    def _verdict(self, name: str, number: str) -> str:
        record = self._records.get(number)
        if record is None:
            found = resident(self._seed, number)
            if found is None:
                return "unknown"
            record = Record(number, found.name)
        if record.name.casefold() != name.casefold():
            return "mismatch"
        return "deceased" if record.deceased else "match"

    def _signed(self, nonce: str, content: dict[str, str]) -> Response:
        body = json.dumps(content).encode()
        text = f"200\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n"
        signature = hmac.digest(self._key.encode(), text.encode(), "sha256").hex()
        if self._behaviour.unsigned_next > 0:
            self._behaviour.unsigned_next -= 1
            signature = "0" * len(signature)
        return Response(body, headers={"X-Signature": signature}, media_type="application/json")

    async def add_record(self, request: Request) -> JSONResponse:
        """Take a record, in the place of an earlier one with its number."""
        record = Record(**await request.json())
        self._records[record.number] = record
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
        return JSONResponse(asdict(record), 201)

    async def listed(self, request: Request) -> JSONResponse:
        """List residents of the seed."""
        count = min(int(request.query_params.get("count", "100")), MOST_LISTED)
        start = int(request.query_params.get("start", "0"))
        return JSONResponse([_told(one) for one in residents(self._seed, count, start)])

    async def behave(self, request: Request) -> JSONResponse:
        """Change how the simulator misbehaves; what is left out is as it should be."""
        self._behaviour = Behaviour(**await request.json())
        return JSONResponse(asdict(self._behaviour))

    async def page(self, _request: Request) -> HTMLResponse:
        """Show some of the people."""
        rows = [Record(one.number, one.name) for one in residents(self._seed, 50)] + list(self._records.values())
        cells = "".join(_row(one) for one in reversed(rows))
        return HTMLResponse(_PAGE.substitute(rows=cells), headers=_HEADERS)


def create_app(options: Options) -> ASGIApp:
    """Return the registry simulator as an ASGI application."""
    return RegistrySimulator(options).app()


def _claim(body: bytes) -> tuple[str, str] | None:
    try:
        sent = json.loads(body)
        claim = (sent["name"], sent["kind"], sent["number"])
    except (ValueError, KeyError, TypeError):
        return None
    return (claim[0], claim[2]) if all(isinstance(part, str) for part in claim) else None


def _told(one: Resident) -> dict[str, Any]:
    return {"number": one.number, "name": one.name, "sex": one.sex, "birth_date": one.birth_date.isoformat()}


def _row(one: Record) -> str:
    sex = "男" if int(one.number[16:17] or 0) % 2 else "女"
    return f"<tr><td>{escape(one.name)}</td><td>{sex}</td><td>{escape(one.number)}</td></tr>"
