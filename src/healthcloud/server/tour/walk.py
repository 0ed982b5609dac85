"""The way: register → account → card → code → two hospitals → replay → fresh code → freeze → refused → who looked."""

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from healthcloud.core.clock import SHANGHAI
from healthcloud.server.demonstration import Addresses, Machine
from healthcloud.server.tls import trusting
from healthcloud.server.tour.parties import HospitalMachine, ResidentBrowser
from healthcloud.server.tour.steps import Tour

SMS_PATIENCE_SECONDS = 15.0
_FARTHEST = 900_000  # residents of the registry simulator's seed, one of whom is picked
_PEOPLE, _CARDS = "/api/v1/people", "/api/v1/cards"


@dataclass(frozen=True, slots=True)
class Way:
    """Everybody on the way, and who the tour is about."""

    tour: Tour
    resident: ResidentBrowser
    first: HospitalMachine
    second: HospitalMachine
    simulators: httpx.AsyncClient
    addresses: Addresses
    wait: Callable[[float], None]
    phone: str


async def walk(
    tour: Tour, addresses: Addresses, machines: tuple[Machine, Machine], wait: Callable[[float], None]
) -> None:
    """Walk it; `wait` hears how many seconds the tour waits for the next code. Raise Deviated, httpx.TransportError."""
    async with AsyncExitStack() as stack:
        trusted = trusting(Path(addresses.authority) if addresses.authority else None)
        resident = ResidentBrowser(addresses.city, trusted)
        stack.push_async_callback(resident.close)
        hospitals = [HospitalMachine(addresses.city, trusted, machine) for machine in machines]
        for hospital in hospitals:
            stack.push_async_callback(hospital.close)
        simulators = await stack.enter_async_context(httpx.AsyncClient(timeout=10, trust_env=False))
        phone = f"1609{secrets.randbelow(10**7):07}"
        way = Way(tour, resident, hospitals[0], hospitals[1], simulators, addresses, wait, phone)
        await _register(way)
        await _own_account(way)
        await _card(way)
        used = await _two_hospitals(way)
        await _freeze(way, used)
        await _who_looked(way)


async def _register(way: Way) -> None:
    start = secrets.randbelow(_FARTHEST)
    listed = await way.simulators.get(f"{way.addresses.registry}/residents.json", params={"start": start, "count": 1})
    person = listed.json()[0]
    wish = {
        "name": person["name"],
        "documents": [{"kind": "01", "number": person["number"]}],
        "phone": way.phone,
        "local_number": f"T{secrets.randbelow(10**9):09}",
        "document_seen": True,
    }
    made = await way.tour.step(
        "一院窗口登记一位居民",
        way.first.post(_PEOPLE, wish),
        "201",
        lambda body: f"新登记，编号 {body['person_id']}",
        lambda body: body["created"] is True,
    )
    again = {name: value for name, value in wish.items() if name != "local_number"}
    await way.tour.step(
        "同一证件再次登记，还是同一个人",
        way.first.post(_PEOPLE, again),
        "201",
        lambda _: "已有此人，没有第二个",
        lambda body: body == {"person_id": made["person_id"], "created": False},
    )
    await _sign_in(way)
    claim = {"name": person["name"], "document": {"kind": "01", "number": person["number"]}}
    await way.tour.step(
        "居民实名认证，账号归本人",
        way.resident.post(f"{_PEOPLE}/me", claim),
        "201",
        lambda _: "经人口库核验，手机号与窗口登记一致",
        lambda body: body["person_id"] == made["person_id"],
    )


async def _sign_in(way: Way) -> None:
    await way.tour.step(
        "居民索取短信验证码", way.resident.post("/api/v1/access/codes", {"phone": way.phone}), "202", lambda _: "已发出"
    )
    code = await _code_from_sms(way)
    await way.tour.step(
        "居民用验证码登录",
        way.resident.post("/api/v1/access/resident-sessions", {"phone": way.phone, "code": code}),
        "201",
        lambda _: "从短信模拟器读到验证码，登录成功",
    )


async def _code_from_sms(way: Way) -> str:
    """Read the code as a person would: from the text that arrived."""
    deadline = asyncio.get_running_loop().time() + SMS_PATIENCE_SECONDS
    while True:
        texts = (await way.simulators.get(f"{way.addresses.sms}/messages.json", params={"phone": way.phone})).json()
        found = re.search(r"(?<!\d)\d{6}(?!\d)", texts[0]["text"]) if texts else None
        if found or asyncio.get_running_loop().time() > deadline:
            return found[0] if found else ""
        await asyncio.sleep(0.1)


async def _own_account(way: Way) -> None:
    await way.tour.step(
        "居民查看自己的信息",
        way.resident.get(f"{_PEOPLE}/me"),
        "200",
        lambda body: f"{body['name']}，实名等级 {body['level']}",
        lambda body: body["phone"] == way.phone,
    )


async def _card(way: Way) -> None:
    await way.tour.step(
        "居民申领电子健康卡",
        way.resident.post(_CARDS, {}),
        "201",
        lambda body: f"卡号 {body['card']['card_id'][:8]}…",
        lambda body: body["outcome"] == "issued" and body["card"]["status"] == 1,
    )
    await way.tour.step(
        "再次申领，还是同一张卡",
        way.resident.post(_CARDS, {}),
        "201",
        lambda _: "已有此卡",
        lambda body: body["outcome"] == "existing",
    )


async def _fresh_code(way: Way, title: str) -> dict[str, Any]:
    shown: dict[str, Any] = await way.tour.step(
        title,
        way.resident.get(f"{_CARDS}/code"),
        "200",
        lambda body: f"{len(body['text'])} 个字符，{_clock(body['refresh_at'])} 换新",
    )
    return shown


async def _two_hospitals(way: Way) -> str:
    code = await _fresh_code(way, "居民出示动态码")
    await way.tour.step(
        "一院扫码",
        way.first.scan(code["text"]),
        "200",
        _person,
        lambda body: not body["use"]["repeat"] and body["local_number"] is not None,
    )
    await way.tour.step(
        "一院同一窗口再扫同一个码，算同一次",
        way.first.scan(code["text"]),
        "200",
        lambda _: "重复，不另计一次",
        lambda body: body["use"]["repeat"],
    )
    await way.tour.step("二院扫同一个码：拒绝", way.second.scan(code["text"]), "409 code-replayed")
    seconds = _seconds_until(code["refresh_at"], code["server_time"])
    way.wait(seconds)
    await asyncio.sleep(seconds)
    fresh = await _fresh_code(way, "居民刷新动态码")
    await way.tour.step(
        "二院扫新码",
        way.second.scan(fresh["text"]),
        "200",
        _person,
        lambda body: body["person"]["masked"] and body["local_number"] is None and not body["use"]["repeat"],
    )
    text: str = fresh["text"]
    return text


async def _freeze(way: Way, used: str) -> None:
    await way.tour.step(
        "居民挂失",
        way.resident.post(f"{_CARDS}/freeze", {}),
        "201",
        lambda _: "已挂失，立即生效",
        lambda body: body["status"] == 2,  # noqa: PLR2004 - 挂失
    )
    await way.tour.step("二院再扫：拒绝", way.second.scan(used), "409 card-frozen")
    await way.tour.step("挂失后不再出码", way.resident.get(f"{_CARDS}/code"), "409 card-not-usable")


async def _who_looked(way: Way) -> None:
    hospitals = [way.second.machine.institution, way.first.machine.institution]
    await way.tour.step(
        "居民查看用卡记录",
        way.resident.get(f"{_CARDS}/uses"),
        "200",
        lambda body: "；".join(f"{_clock(use['used_at'])} {use['institution']}" for use in body["items"]),
        lambda body: [use["institution"] for use in body["items"]] == hospitals,
    )
    await way.tour.step(
        "居民查看谁看过、谁被拒绝",
        way.resident.get(f"{_PEOPLE}/me/looks"),
        "200",
        lambda body: "\n".join(map(_look, body["items"])),
        lambda body: any(look["refused"] for look in body["items"]),
    )


def _person(body: dict[str, Any]) -> str:
    person = body["person"]
    number = body["local_number"] or "本院未建档"
    return f"{person['name']}，{person['document_number']}，患者号 {number}，{body['took_ms']} ms"


def _look(look: dict[str, Any]) -> str:
    refused = "（被拒绝）" if look["refused"] and "拒绝" not in look["zh"] else ""
    return f"{_clock(look['at'])} {look['zh']}{refused} {look['institution'] or ''}".rstrip()


def _clock(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%H:%M:%S}"


def _seconds_until(later: str, earlier: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() + 0.05
