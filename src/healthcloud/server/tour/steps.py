"""The steps of a tour: what was asked, what had to come, what came."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it went; `shown` is what a person is told of the answer."""

    title: str
    request: str
    expected: str
    got: str
    ok: bool
    ms: float
    shown: str


class Deviated(Exception):
    """A step came out otherwise than it must; what follows would mean nothing."""


@dataclass(slots=True)
class Tour:
    """Takes steps one after the other; `told` hears of each as it is taken."""

    told: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)

    async def step(
        self,
        title: str,
        asked: Awaitable[httpx.Response],
        expected: str,
        shown: Callable[[Any], str] = lambda _: "",
        holds: Callable[[Any], bool] = lambda _: True,
    ) -> Any:
        """
        Await an answer and compare it: `expected` is a status, `201`, or with a problem's code `409 code-replayed`.

        Raise Deviated where it differs or does not hold.
        """
        started = time.perf_counter()
        answer = await asked
        ms = round((time.perf_counter() - started) * 1000, 1)
        body = answer.json() if answer.content else {}
        code = body.get("code", "") if answer.is_error and isinstance(body, Mapping) else ""
        got = f"{answer.status_code} {code}".strip()
        ok = got == expected and holds(body)
        words = body.get("title_zh", "") if answer.is_error else shown(body)
        request = f"{answer.request.method} {answer.request.url.path}"
        taken = Step(title, request, expected, got if got != expected or ok else f"{got}（内容不符）", ok, ms, words)
        self.steps.append(taken)
        self.told(taken)
        if not ok:
            raise Deviated(title)
        return body
