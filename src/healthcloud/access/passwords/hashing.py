"""
Argon2id in threads of its own.

Each hash takes its memory for tens of milliseconds, so only so many are made at once, and who would wait too long is
told so at once: a flood of sign-ins costs a queue, not the process.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from healthcloud.access.passwords.model import normal_password
from healthcloud.core.errors import Unavailable

AT_ONCE = 2
MOST_WAITING = 100

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one hash costs whoever guesses: memory and passes over it, one lane."""

    memory_kib: int
    passes: int


class Passwords:
    """Hash and check passwords at one cost; one for a process (`passwords_at`)."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    async def hash(self, password: str) -> str:
        """Return the hash in its PHC text form."""
        return await self._in_thread(lambda: self._hasher.hash(normal_password(password)))

    async def fits(self, password: str, kept: str | None) -> bool:
        """Tell whether this is the password; with nothing kept it takes as long and is False."""
        right = await self._in_thread(lambda: self._verify(kept or self._nobodys, normal_password(password)))
        return right and kept is not None

    async def fits_one_of(self, password: str, kept: Sequence[str]) -> bool:
        """Tell whether this is one of some passwords."""
        return await self._in_thread(lambda: any(self._verify(one, normal_password(password)) for one in kept))

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made at another cost and should be made again."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Unavailable(retry_after=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


@cache
def passwords_at(cost: PasswordCost) -> Passwords:
    """Return this process's Passwords at this cost."""
    return Passwords(cost)
