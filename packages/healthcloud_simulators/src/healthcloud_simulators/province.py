"""
A province's platform of family C that keeps what institutions upload and shows it.

    POST /erhc/ehealthcard/business.do   ehc.ehealthcode.usecarddate, signed, encrypted → {"code": "10" or "00", "msg"}
    GET  /                               a page: how much each institution uploaded, and how much of it twice
    GET  /uploads.json                   the same for machines, with the rows; ?app_id= for one institution
    PUT  /behaviour                      {"fail_next": n, "lose_next": n, "delay_seconds": s}: how it is to misbehave
    PUT  /organisations                  {app_id: {"steps": [...], "rows_a_day": n}}: what institutions have on file

A batch is taken whole or not at all, and which row it was is not said. A row names a card by 64 hexadecimal digits, a
step and a terminal in form, and a step its institution has on file, if it has any. With `keeps_numbers` a batch number
that was taken before is answered alike and counts once.

It takes rows of its own day only (Asia/Shanghai), at most 500 at once, and does not drop a row it has: as of the real
one nothing else is known, it counts it again and says so. An institution's secret is `secret_of` its app id.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from string import Template
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from healthcloud_simulators.declared import Declared
from healthcloud_simulators.hospital.ciphers import sm3, sm4_decrypt
from healthcloud_simulators.options import Options

PATH = "/erhc/ehealthcard/business.do"
METHOD = "ehc.ehealthcode.usecarddate"
MOST_ROWS = 500
WINDOW_MS = 300_000
SHANGHAI = ZoneInfo("Asia/Shanghai")
ROW = ("ehealthCardId", "medstepcode", "terminalcode", "channelcode", "useTime")
_FORMS = (
    (re.compile("[0-9A-F]{64}"), "健康卡编号错误"),
    (re.compile("[0-9]{6}"), "诊疗环节代码错误"),
    (re.compile("-1|[^_]{1,40}_[0-9]{4}"), "终端号错误"),
    (re.compile("[0-9]{2}"), "渠道代码错误"),
)

_PAGE = Template("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>省平台模拟器</title></head>
<body><h1>省平台模拟器 · Province simulator</h1>
<p>这里不是省平台，仅供开发和演示。Nothing here reaches the province.</p>
<table border="1" cellpadding="6"><thead><tr><th>应用编号</th><th>已上传</th><th>重复</th></tr></thead>
<tbody>$rows</tbody></table></body></html>
""")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}


def secret_of(key: str, app_id: str) -> str:
    """Return the secret an institution has here, 16 hexadecimal digits; of the real one it is told, once."""
    return hmac.new(key.encode(), app_id.encode(), hashlib.sha256).hexdigest()[:16]


@dataclass(slots=True)
class Behaviour:
    """How the simulator is to misbehave, for drills."""

    fail_next: int = 0  # this many requests are answered 503
    lose_next: int = 0  # this many are taken, and answered 503
    delay_seconds: float = 0
    keeps_numbers: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """What an institution has on file; None is anything."""

    steps: list[str] | None = None
    rows_a_day: int | None = None


def _now() -> datetime:
    return datetime.now(SHANGHAI)


class Refused(Exception):
    """What the province would not take; the argument says why."""


class ProvinceSimulator:
    """The province's side of the protocol."""

    def __init__(self, options: Options, now: Callable[[], datetime] = _now) -> None:
        self._key = options.key
        self._now = now
        self._behaviour = Behaviour()
        self._rows: dict[str, Counter[tuple[str, ...]]] = {}
        self._batches: dict[str, Counter[str]] = {}
        self._organisations: dict[str, Organisation] = {}

    def app(self) -> ASGIApp:
        """Return the application, declared as a simulator on every answer."""
        routes = [
            Route(PATH, self.business, methods=["POST"]),
            Route("/", self.page),
            Route("/uploads.json", self.uploads),
            Route("/behaviour", self.behave, methods=["PUT"]),
            Route("/organisations", self.file, methods=["PUT"]),
        ]
        return Declared(Starlette(routes=routes), "province")

    async def business(self, request: Request) -> Response:
        """Take one batch, or say in family C's form why not."""
        body = await request.body()
        await asyncio.sleep(self._behaviour.delay_seconds)
        if self._behaviour.fail_next > 0:
            self._behaviour.fail_next -= 1
            return Response(status_code=503)
        try:
            app_id, upload_no, rows = self._read(body)
            self._judge(app_id, rows)
        except Refused as refused:
            return JSONResponse({"code": "00", "msg": str(refused)})
        batches = self._batches.setdefault(app_id, Counter())
        if not (self._behaviour.keeps_numbers and upload_no in batches):
            self._rows.setdefault(app_id, Counter()).update(rows)
        batches[upload_no] += 1
        if self._behaviour.lose_next > 0:
            self._behaviour.lose_next -= 1
            return Response(status_code=503)
        return JSONResponse({"code": "10", "msg": "成功"})

    def _read(self, body: bytes) -> tuple[str, str, list[tuple[str, ...]]]:
        try:
            sent = {name: str(value) for name, value in json.loads(body).items()}
            app_id, digest = sent["app_id"], sent.pop("digest")
            secret = secret_of(self._key, app_id)
            plain = sm4_decrypt(secret.encode(), bytes.fromhex(sent["biz_content"])).decode()
            at = int(sent["timestamp"])
        except (ValueError, KeyError, AttributeError) as error:
            raise Refused("报文无法解析") from error
        text = "&".join(f"{name}={value}" for name, value in sorted((sent | {"biz_content": plain}).items()))
        if sm3(f"{text}&app_secret={secret}".encode()).hex() != digest.lower():
            raise Refused("摘要错误")
        if abs(self._now().timestamp() * 1000 - at) > WINDOW_MS:
            raise Refused("时间戳超出范围")
        if sent["method"] != METHOD:
            raise Refused("没有这个方法")
        return app_id, *self._content(plain)

    def _content(self, plain: str) -> tuple[str, list[tuple[str, ...]]]:
        try:
            content = json.loads(plain)
            rows = [tuple(str(row[name]) for name in ROW) for row in content["data"]]
            days = {datetime.strptime(row[-1], "%Y-%m-%d %H:%M:%S").date() for row in rows}  # noqa: DTZ007 - local, as told
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("业务内容无法解析") from error
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Refused(f"每批 1 至 {MOST_ROWS} 条")
        if days != {self._now().astimezone(SHANGHAI).date()}:
            raise Refused("只接收当日数据")
        return str(content.get("upload_no", "")), rows

    def _judge(self, app_id: str, rows: list[tuple[str, ...]]) -> None:
        filed = self._organisations.get(app_id, Organisation())
        if filed.rows_a_day is not None and self._rows.get(app_id, Counter()).total() + len(rows) > filed.rows_a_day:
            raise Refused("超过当日限额")
        for row in rows:
            for (form, why), value in zip(_FORMS, row, strict=False):  # the time was read with the content
                if not form.fullmatch(value):
                    raise Refused(why)
            if filed.steps is not None and row[1] not in filed.steps:
                raise Refused(f"诊疗环节未备案 {row[1]} {row[0]}")

    async def page(self, _request: Request) -> HTMLResponse:
        """Show what was uploaded."""
        lines = "".join(
            f"<tr><td>{escape(one)}</td><td>{len(rows)}</td><td>{rows.total() - len(rows)}</td></tr>"
            for one, rows in sorted(self._rows.items())
        )
        return HTMLResponse(
            _PAGE.substitute(rows=lines or '<tr><td colspan="3">还没有上传</td></tr>'), headers=_HEADERS
        )

    async def uploads(self, request: Request) -> JSONResponse:
        """List what was uploaded, with how often each row came."""
        wanted = request.query_params.get("app_id")
        told = {
            app_id: {
                "rows": [dict(zip(ROW, row, strict=True)) | {"times": times} for row, times in rows.items()],
                "duplicates": rows.total() - len(rows),
                "batches": dict(self._batches[app_id]),
            }
            for app_id, rows in self._rows.items()
            if wanted in (None, app_id)
        }
        return JSONResponse(told)

    async def file(self, request: Request) -> JSONResponse:
        """Enter what institutions have on file; who is left out keeps what they have."""
        self._organisations |= {one: Organisation(**filed) for one, filed in (await request.json()).items()}
        return JSONResponse({one: asdict(filed) for one, filed in self._organisations.items()})

    async def behave(self, request: Request) -> JSONResponse:
        """Change how the simulator misbehaves; what is left out is as it should be."""
        self._behaviour = Behaviour(**await request.json())
        return JSONResponse(asdict(self._behaviour))


def create_app(options: Options) -> ASGIApp:
    """Return the province simulator as an ASGI application."""
    return ProvinceSimulator(options).app()
