"""Verify through the faces of card platforms: signed and encrypted as each does, each code once, beside our own."""

import asyncio
import hashlib
import json
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

from bench.city import BenchCity
from bench.row import Middle, Row
from bench.scans import scans_of
from bench.serving import Serving, serve, warm
from bench.verify import CONNECTIONS, MOST_PER_SECOND, WARM_UP_SECONDS, Counted, counted_load, loaded
from bench.wrk import post
from healthcloud import access
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id_text
from healthcloud.gateway import family_b, sm4
from healthcloud.server.composition import open_city

PROMISE = 5_000
SCOPES = ("cards.verify",)
B_PATH, C_PATH = "/api/do", "/erhc/ehealthcard/business.do"
TENCENT = "/rest/auth/HealthCard/HealthOpen{}/{}"
TOKEN_PATH, TENCENT_PATH = (
    TENCENT.format("Auth/AuthObj", "getAppToken"),
    TENCENT.format("Platform/ISVOpenObj", "verifyQRCode"),
)


@dataclass(frozen=True, slots=True)
class App:
    """A hospital's app: its id and secret, a terminal of its own, and Tencent's token."""

    id: str
    secret: str
    terminal: str
    token: str = ""


Write = Callable[[App, str], bytes]


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load each face as long as our own verify; medians."""
    with serve(city) as serving:
        warm(city)
        apps = [_with_token(serving, app) for app in asyncio.run(_apps(city))]
        counted_load(serving, scans_of(city), WARM_UP_SECONDS)
        own = [counted_load(serving, scans_of(city), seconds) for _ in range(runs)]
        beside = Middle.of([one.load for one in own]).per_second
        faces = {"family B": in_family_b, "family C": in_family_c, "Tencent": in_tencent}
        return [
            _row(name, [_load(serving, apps, write, seconds) for _ in range(runs)], beside, city, seconds)
            for name, write in faces.items()
        ]


def in_family_b(app: App, code: str) -> bytes:
    """Write a scan as a front box does."""
    secret = app.secret.encode()
    head = {"appId": app.id, "nonceStr": new_id_text(), "timestamp": str(int(time.time())), "version": "V2.0.0"}
    body = {"qrCode": code, "terminalCode": app.terminal, "medStepCode": "010101", "appMode": "3"}
    signs = {"headSign": family_b.sign(head, secret), "bodySign": family_b.sign(body, secret)}
    return _post(B_PATH, {"method": "getPersonInfoByQrCode", **head, **signs, "signMode": "SM3", "body": body})


def in_family_c(app: App, code: str) -> bytes:
    """Write a scan as a province's client does."""
    secret = app.secret.encode()
    plain = json.dumps({"ehealth_code": code, "medstepcode": "010101", "terminalcode": app.terminal})
    told = {
        "app_id": app.id,
        "biz_content": plain,
        "digest_type": "SM3",
        "enc_type": "SM4",
        "method": "ehc.ehealthcode.verify",
        "term_id": "T1",
        "timestamp": str(int(time.time() * 1000)),
        "version": "X.M.0.1",
    }
    text = "&".join(f"{name}={value}" for name, value in told.items()) + f"&app_secret={app.secret}"
    sealed = sm4.write(secret, plain.encode())
    return _post(C_PATH, told | {"biz_content": sealed, "digest": sm3(text.encode()).hex()})


def in_tencent(app: App, code: str) -> bytes:
    """Write a scan as a client of the open platform does."""
    wish = {"qrCodeText": code, "medicalStep": "010101", "terminalId": app.terminal}
    return _post(TENCENT_PATH, _tencent(app, wish))


def _load(serving: Serving, apps: list[App], write: Write, seconds: float) -> Counted:
    city, turns = serving.city, cycle(apps)
    wanted = min(int(MOST_PER_SECOND * seconds), city.persons)
    requests = [write(next(turns), code) for code in scans_of(city).codes(wanted)]
    return loaded(serving, requests, seconds)


def _row(name: str, counted: list[Counted], beside: float, city: BenchCity, seconds: float) -> Row:
    middle = Middle.of([one.load for one in counted])
    rows = sum(one.rows for one in counted)
    answers = sum(one.load.answered - one.repeats for one in counted)
    return Row(
        name=f"verify through {name}",
        promise=f"≥ {PROMISE:,}/s",
        found=middle.said("codes"),
        kept=middle.per_second >= PROMISE and all(one.fits for one in counted),
        data=f"{city.persons:,} persons, {CONNECTIONS} connections, {len(counted)} × {seconds:.0f} s",
        command="python -m bench faces",
        p50=middle.p50,
        p95=middle.p95,
        p99=middle.p99,
        beside=f"own verify {beside:,.0f}/s",
        checked=f"{rows:,} use rows for {answers:,} answers; {counted[-1].cost}",
    )


async def _apps(city: BenchCity) -> list[App]:
    """Give each hospital of the bench an app for this run."""
    async with open_city(city.settings, name="bench") as opened:
        return await opened.database.transact(lambda tx: _made(tx, city))


async def _made(tx: Transaction, city: BenchCity) -> list[App]:
    made = []
    for one in city.clients:
        client = await access.create_client(tx, SYSTEM, one.institution_id, "face", SCOPES, quota_per_second=10_000)
        key = await access.add_client_key(tx, SYSTEM, client.client_id, algorithm=access.Algorithm.APP_SECRET)
        made.append(App(key.key_id.hex, key.secret, one.terminals[0]))
    return made


def _with_token(serving: Serving, app: App) -> App:
    """Ask the city for Tencent's token."""
    content = json.dumps(_tencent(app, {"appId": app.id})).encode()
    request = urllib.request.Request(serving.url + TOKEN_PATH, content, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        told = json.loads(answer.read())
    return App(app.id, app.secret, app.terminal, told["rsp"]["appToken"])


def _tencent(app: App, wish: dict[str, str]) -> dict[str, dict[str, str]]:
    common = {
        "appToken": app.token,
        "requestId": new_id_text(),
        "hospitalId": "10001",
        "timestamp": str(int(time.time())),
    }
    message = {name: value for name, value in {**common, **wish}.items() if value}
    text = "&".join(f"{name}={message[name]}" for name in sorted(message)) + app.secret
    return {"commonIn": common | {"sign": b64encode(hashlib.sha256(text.encode()).digest()).decode()}, "req": wish}


def _post(path: str, message: object) -> bytes:
    return post(path, json.dumps(message).encode(), {})
