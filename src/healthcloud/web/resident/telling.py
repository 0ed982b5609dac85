"""How deeds, refusals and codes are told on residents' pages."""

from collections.abc import Iterator
from functools import cache

from healthcloud import institutions, people
from healthcloud.core.db import Read
from healthcloud.core.errors import Problem
from healthcloud.web.wording import CHINESE, Words

# The names of access.sessions that are Chinese.
_DEVICES = {"其他设备": "other", "微信": "wechat", "支付宝": "alipay", "QQ 浏览器": "qq", "鸿蒙": "harmony"}


def deed_words(words: Words, look: people.looks.Look) -> str:
    """Return the sentence of a deed."""
    return look.zh if words.language == CHINESE else look.en


def reason_words(words: Words, reason: str | None) -> str | None:
    """Return why: a problem's sentence for its code, what somebody wrote as they wrote it."""
    kind = _problems().get(reason or "")
    return words.problem(kind()) if kind else reason


def actor_words(words: Words, look: people.looks.Look) -> str:
    """Return who acted, as far as it is told: oneself, another resident, an institution's people or machine."""
    key = "own" if look.own else look.actor_kind
    return words(f"looks.actor.{key}")


def device_words(words: Words, device: str) -> str:
    """Return a device's name as access keeps it, in the language of the page."""
    parts = (words(f"me.device.{_DEVICES[part]}") if part in _DEVICES else part for part in device.split(" · "))
    return " · ".join(parts)


async def code_labels(read: Read, set_name: str, words: Words) -> dict[str, str]:
    """Return the labels of a code set by code."""
    found = await institutions.codes.every_code(read, set_name)
    is_chinese = words.language == CHINESE
    return {one.code: one.label if is_chinese else one.label_en or one.label for one in found}


@cache
def _problems() -> dict[str, type[Problem]]:
    return {kind.code: kind for kind in _kinds(Problem)}


def _kinds(parent: type[Problem]) -> Iterator[type[Problem]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)
