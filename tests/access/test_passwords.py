"""Which passwords are good enough, and what one hash of them costs."""

import asyncio
from typing import Any

import pytest

from healthcloud.access.passwords import PasswordCost, Passwords, password_faults
from healthcloud.core.errors import Unavailable
from healthcloud.core.settings import Settings, production_faults

CHEAP = PasswordCost(memory_kib=8, passes=1)


@pytest.mark.parametrize(
    "password",
    [
        "Xk4!pq9Z",
        "drei kleine bären",
        "correct horse battery",
        "青山遮不住毕竟东流去也啊",
        "Reinen-Tisch-machen-42",
        "0rd3r-von-Montag",
    ],
)
def test_a_good_password_has_no_fault(password: str) -> None:
    assert password_faults(password, "wang.wei") == ()


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Xk4!pq9",  # seven
        "xk4pq9zz",  # eight of two kinds
        "Password123!",
        "P@ssw0rd2026",
        "Admin123!@#456",
        "zaozhuang@2026",
        "Woaini1314!!!",
        "Healthcloud#1",
        "qwerqwer1234!",
        "1qaz@WSX3edc",
        "123456789012",
        "abcdefghijklm",
        "987654321098",
        "370402190001010015",
        "aaaaaaaaaaaaA1!",
        "A1!A1!A1!A1!",
        "Wang.Wei-2026!",
        "x" * 60 + "Y" * 69,
        "Xk4!pq9Z\x00\x07",
    ],
)
def test_a_bad_one_is_told_in_both_languages_and_not_said_back(password: str) -> None:
    faults = password_faults(password, "wang.wei")
    assert faults
    for fault in faults:
        assert fault.pointer == "#/new_password"
        assert not password or password not in fault.en + fault.zh


@pytest.mark.parametrize("cheap", [{"password_memory_kib": 19455}, {"password_passes": 1}])
def test_production_refuses_a_cheap_hash(cheap: dict[str, Any]) -> None:
    told = [fault for fault in production_faults(Settings(production=True, **cheap)) if "PASSWORD" in fault]
    assert len(told) == 1
    assert not [fault for fault in production_faults(Settings(production=True)) if "PASSWORD" in fault]


async def test_two_keyboards_type_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("Zürich-im-Regen")
    assert await passwords.fits("Zu\u0308rich-im-Regen", kept)
    assert not await passwords.fits("Zurich-im-Regen", kept)
    assert kept.startswith("$argon2id$")


async def test_nothing_kept_fits_nothing() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.fits("anything", None)
    assert not await passwords.fits("anything", "no hash at all")


async def test_a_flood_is_turned_away_at_once() -> None:
    passwords = Passwords(PasswordCost(memory_kib=1024, passes=2))
    answers = await asyncio.gather(*(passwords.hash("Reinen-Tisch-machen") for _ in range(130)), return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 30
    assert sum(isinstance(answer, str) for answer in answers) == 100
