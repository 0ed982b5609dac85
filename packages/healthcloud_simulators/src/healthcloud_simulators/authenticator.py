"""
The authenticators of a demonstration's staff, on one page: whoever can open it can sign in as any of them.

    GET  /            a page with everybody's one-time code of this half minute
    GET  /codes.json  the same for machines; ?login= for one

The accounts are JSON lines with `login`, `name`, `role` and `secret` (base32), read again at each request.
"""

import json
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import pyotp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from healthcloud_simulators.declared import Declared
from healthcloud_simulators.options import Options

STEP_SECONDS = 30

_PAGE = Template("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>身份验证器模拟器</title></head>
<body><h1>身份验证器模拟器 · Authenticator simulator</h1>
<p>真实环境中，动态口令只在各人自己的手机上。此页每 3 秒刷新；口令还有 $left 秒有效，每个只能用一次。</p>
<table border="1" cellpadding="6"><thead><tr><th>登录名</th><th>姓名</th><th>角色</th><th>动态口令</th></tr></thead>
<tbody>$rows</tbody></table></body></html>
""")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}


class AuthenticatorSimulator:
    """Everybody's authenticator."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def app(self) -> ASGIApp:
        """Return the application, declared as a simulator on every answer."""
        routes = [Route("/", self.page), Route("/codes.json", self.codes)]
        return Declared(Starlette(routes=routes), "authenticator")

    async def page(self, _request: Request) -> HTMLResponse:
        """Show everybody's code."""
        now = time.time()
        rows = "".join(_row(account, now) for account in self._accounts())
        left = STEP_SECONDS - int(now) % STEP_SECONDS
        return HTMLResponse(_PAGE.substitute(rows=rows, left=left), headers=_HEADERS)

    async def codes(self, request: Request) -> JSONResponse:
        """List everybody's code, or one's."""
        now, wanted = time.time(), request.query_params.get("login")
        found = [one for one in self._accounts() if wanted in (None, one["login"])]
        return JSONResponse([{"login": one["login"], "code": _code(one, now)} for one in found])

    def _accounts(self) -> Iterator[dict[str, Any]]:
        if self._file is not None and self._file.exists():
            yield from map(json.loads, self._file.read_text(encoding="utf-8").splitlines())


def create_app(options: Options) -> ASGIApp:
    """Return the authenticator simulator as an ASGI application."""
    return AuthenticatorSimulator(options.file).app()


def _code(account: dict[str, Any], now: float) -> str:
    return pyotp.TOTP(account["secret"], interval=STEP_SECONDS).at(int(now))


def _row(account: dict[str, Any], now: float) -> str:
    cells = (account["login"], account["name"], account["role"], _code(account, now))
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
