"""
The steps of a key's life, pure: what is stored for a purpose goes in and comes out changed.

    add ──► next ──promote──► current ──promote the one after──► previous ──retire──► retired
             ▲                   │                                  ▲                    │
             └─────roll back─────┘                                  └──────readmit───────┘

Every step waits until the last one has settled, so two processes are never more than one step apart, and any two
neighbouring states share a key that both accept and claim. docs/decisions/0004-rotation-per-purpose.md has the proof.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from healthcloud.core.crypto.errors import RotationRefused
from healthcloud.core.crypto.purposes import KeyState, Use
from healthcloud_reader.keys import Algorithm

SETTLING = timedelta(seconds=60)  # a process looks each second; the rest is for transactions that began before
HIGHEST_NUMBER = 0xFFFF

_ORDER = (KeyState.CURRENT, KeyState.NEXT, KeyState.PREVIOUS)

Instant = Annotated[datetime, Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as the file holds it; `changed` is when it came into its state."""

    number: int
    algorithm: Algorithm
    state: KeyState
    created: Instant
    changed: Instant
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredPurpose:
    """What a purpose is for and all its keys, by number."""

    use: Use
    keys: tuple[StoredKey, ...]

    @property
    def changed(self) -> datetime:
        """When the last step was taken."""
        return max(key.changed for key in self.keys)

    @property
    def live(self) -> tuple[StoredKey, ...]:
        """The current key, then next, then previous ones, the newest of them first."""
        newest_first = reversed([key for key in self.keys if key.state in _ORDER])
        return tuple(sorted(newest_first, key=lambda key: _ORDER.index(key.state)))

    def in_state(self, state: KeyState) -> tuple[StoredKey, ...]:
        """Return the keys in this state, by number."""
        return tuple(key for key in self.keys if key.state is state)


def with_next(stored: StoredPurpose, algorithm: Algorithm, secret: bytes, now: datetime) -> StoredPurpose:
    """Add a key that will be current after a promotion."""
    if stored.in_state(KeyState.NEXT):
        raise RotationRefused("there is a next key already: promote it first")
    number = stored.keys[-1].number + 1
    if number > HIGHEST_NUMBER:
        raise RotationRefused("this purpose has used up its 65535 key numbers")
    key = StoredKey(number, algorithm, KeyState.NEXT, now, now, secret)
    return replace(stored, keys=(*stored.keys, key))


def promoted(stored: StoredPurpose, now: datetime) -> StoredPurpose:
    """Make next current and current previous; only signing keys may gather as previous, for old signatures."""
    upcoming = stored.in_state(KeyState.NEXT)
    if not upcoming:
        raise RotationRefused("there is no next key: add one first")
    if stored.in_state(KeyState.PREVIOUS) and stored.use is not Use.SIGN:
        raise RotationRefused("there is a previous key still: retire it first")
    (current,) = stored.in_state(KeyState.CURRENT)
    return _moved(stored, now, {upcoming[0].number: KeyState.CURRENT, current.number: KeyState.PREVIOUS})


def rolled_back(stored: StoredPurpose, now: datetime) -> StoredPurpose:
    """Undo a promotion: the newest previous key is current again, the current one next."""
    earlier = stored.in_state(KeyState.PREVIOUS)
    if not earlier or stored.in_state(KeyState.NEXT):
        raise RotationRefused("there is no promotion to take back")
    (current,) = stored.in_state(KeyState.CURRENT)
    return _moved(stored, now, {earlier[-1].number: KeyState.CURRENT, current.number: KeyState.NEXT})


def retired(stored: StoredPurpose, now: datetime) -> StoredPurpose:
    """Refuse the oldest previous key from now on."""
    earlier = stored.in_state(KeyState.PREVIOUS)
    if not earlier:
        raise RotationRefused("there is no previous key to retire")
    return _moved(stored, now, {earlier[0].number: KeyState.RETIRED})


def readmitted(stored: StoredPurpose, number: int, now: datetime) -> StoredPurpose:
    """Accept a retired key again, after a backup from its time was restored."""
    if number not in {key.number for key in stored.in_state(KeyState.RETIRED)}:
        raise RotationRefused("there is no retired key of this number")
    if stored.in_state(KeyState.PREVIOUS) and stored.use is not Use.SIGN:
        raise RotationRefused("there is a previous key still: retire it first")
    return _moved(stored, now, {number: KeyState.PREVIOUS})


def must_be_settled(stored: StoredPurpose, now: datetime, settling: timedelta) -> None:
    """Raise RotationRefused while some process may still stand before the last step."""
    wait = stored.changed + settling - now
    if wait > timedelta():
        raise RotationRefused("the last step has not settled: wait", seconds=int(wait.total_seconds()) + 1)


def _moved(stored: StoredPurpose, now: datetime, states: dict[int, KeyState]) -> StoredPurpose:
    keys = (replace(key, state=states[key.number], changed=now) if key.number in states else key for key in stored.keys)
    return replace(stored, keys=tuple(keys))
