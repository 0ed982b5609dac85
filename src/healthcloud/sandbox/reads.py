"""What is looked at."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.sandbox import store
from healthcloud.sandbox.errors import CallUnknown
from healthcloud.sandbox.model import Call, CallLine, Switches

NEWEST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class State:
    """By how much the clock is moved, and what is switched on."""

    clock_offset_seconds: int
    switches: list[Switches]


async def state_of(read: Read) -> State:
    """Return the sandbox's state."""
    return State(await store.clock_offset(read) or 0, await store.switches(read))


async def journal(read: Read, *, before: UUID = NEWEST, face: str | None = None, limit: int = 50) -> list[CallLine]:
    """Return calls, the newest first."""
    return await store.calls(read, before, face, limit)


async def call_of(read: Read, call_id: UUID) -> Call:
    """Return one call; raise CallUnknown."""
    found = await store.call(read, call_id)
    if found is None:
        raise CallUnknown
    return found
