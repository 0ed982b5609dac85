"""How deeds, refusals and codes are told on residents' pages."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import TypeAlias
from uuid import UUID

from healthcloud import audit, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.core.errors import Problem
from healthcloud.core.paging import Page, page_of
from healthcloud.web.page import place_of
from healthcloud.web.wording import CHINESE, Words

# The names of access.sessions that are Chinese.
_DEVICES = {"其他设备": "other", "微信": "wechat", "支付宝": "alipay", "QQ 浏览器": "qq", "鸿蒙": "harmony"}


_OWN_COUNTRIES = ("CHN", "HKG", "MAC", "TWN")
Told: TypeAlias = tuple[people.looks.Look, str, str, str | None]


async def looks_page(
    read: Read, caller: Caller, wanted: audit.DeedsOf, cursor: str, at_once: int
) -> Page[people.looks.Look]:
    """Return a page of the deeds about this resident, the newest first."""
    before = place_of(cursor, tuple[datetime, UUID], audit.NEWEST)
    found = await people.looks.own_looks(read, caller, wanted=wanted, before=before, limit=at_once + 1)
    return page_of(found, at_once, lambda look: (look.at, look.id))


# Where what was asked for stands already, perhaps by the same form in another tab.
_STANDS = {"grant-already-open": "/family", "request-open-already": "/me/corrections"}


def way_on(problem: Problem) -> str:
    """Return where somebody goes on who was refused because it is done already; empty for other refusals."""
    return _STANDS.get(problem.code, "")


def told(words: Words, look: people.looks.Look) -> Told:
    """
    Return a deed with its sentence, who acted and why.

    Who is told as far as it may be: oneself, another resident, an institution's people or machine. Why is a problem's
    sentence for its code, and what somebody wrote as they wrote it.
    """
    kind = _problems().get(look.reason or "")
    deed = look.zh if words.language == CHINESE else look.en
    actor = words(f"looks.actor.{'own' if look.own else look.actor_kind}")
    return look, deed, actor, words.problem(kind()) if kind else look.reason


def device_words(words: Words, device: str) -> str:
    """Return a device's name as access keeps it, in the language of the page."""
    parts = (words(f"me.device.{_DEVICES[part]}") if part in _DEVICES else part for part in device.split(" · "))
    return " · ".join(parts)


async def code_labels(read: Read, set_name: str, words: Words) -> dict[str, str]:
    """Return the labels of a code set by code."""
    found = await institutions.codes.every_code(read, set_name)
    is_chinese = words.language == CHINESE
    return {one.code: one.label if is_chinese else one.label_en or one.label for one in found}


async def countries_of(read: Read, words: Words) -> list[tuple[str, str]]:
    """Return whose passports there are by alpha-3; our own people have other documents."""
    is_chinese = words.language == CHINESE
    found = [
        (str(one.attributes.get("alpha3", "")), one.label if is_chinese else one.label_en or one.label)
        for one in await institutions.codes.every_code(read, "country")
    ]
    return sorted((one for one in found if one[0] and one[0] not in _OWN_COUNTRIES), key=lambda one: one[1])


@cache
def _problems() -> dict[str, type[Problem]]:
    return {kind.code: kind for kind in _kinds(Problem)}


def _kinds(parent: type[Problem]) -> Iterator[type[Problem]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)
