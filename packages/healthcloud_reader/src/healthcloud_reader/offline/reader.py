"""
The reader of a terminal with no network: lists, clock, memory and journal behind one `scan`.

    with Reader(Path("/var/lib/reader")) as reader:
        answer = reader.scan(text)

One process at a time writes in a folder; threads may share a Reader.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from healthcloud_reader.devices import CertificateMemory, DeviceCode
from healthcloud_reader.forms import BareCardId, DynamicCode, StaticCode, parse
from healthcloud_reader.offline.answers import Answer, Holder, Why
from healthcloud_reader.offline.clock import Clock
from healthcloud_reader.offline.folder import Folder, SetUp
from healthcloud_reader.offline.holding import Holding
from healthcloud_reader.offline.journal import Aside, Journal, JournalFull, Use
from healthcloud_reader.offline.policy import Leave, Policy, leave_for
from healthcloud_reader.offline.sealing import FileKeyHolder, KeyHolder
from healthcloud_reader.offline.words import Caution, Outcome, Refusal
from healthcloud_reader.reasons import Unreadable
from healthcloud_reader.steps import STEP_SECONDS

NO_SLOT = -1


@dataclass(frozen=True, slots=True)
class Status:
    """How a reader stands; ages in seconds, None where there is no list."""

    city: str
    trust_number: int | None
    trust_expires_at: int | None
    list_number: int | None
    list_age: float | None
    leave: Leave
    emergency_scenes: frozenset[str]
    waiting: int
    aside: int
    damaged: int
    clock_offset: float
    clock_believable: bool


class Reader:
    """A reader over its folder; raise FolderBusy, FolderUnusable, or KeyFault where SM2 is asked for and missing."""

    def __init__(self, path: Path, *, keys: KeyHolder | None = None, clock: Callable[[float], Clock] = Clock) -> None:
        """Open the folder; `keys` keeps its secrets (by default files in it), `clock` makes a clock of an offset."""
        self._lock, self._closed = RLock(), False
        self._folder = Folder(path)
        try:
            self.set_up: SetUp = self._folder.set_up()
            self.keys = keys or FileKeyHolder(path)
            self._lists = Holding(self._folder, self.set_up.key)
            self._journal = Journal(path / "journal.log", self.keys.seal_key())
        except BaseException:
            self._folder.close()
            raise
        self.clock = clock(self._folder.offset())
        self._memory = CertificateMemory()

    def __enter__(self) -> Self:
        """Hand itself out."""
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close journal and folder; closing twice does no harm."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._journal.close()
                self._folder.close()

    def scan(self, text: str, scene: str | None = None) -> Answer:
        """Judge a scanned text; a use is on the disk before this returns. The same scan again is a REPEAT."""
        with self._lock:
            now, here = self.clock.now(), scene or self.set_up.scene
            try:
                reading = parse(text)
            except Unreadable as error:
                return self._refused(error.reason, here, now)
            match reading:
                case DeviceCode():
                    return self._device(reading, here, now)
                case DynamicCode():
                    return self._unproven(reading, here, now)
                case StaticCode() | BareCardId():
                    return self._refused(Refusal.PRINTED, here, now)
                case _:
                    return self._refused(Refusal.OTHER_SCHEME, here, now)

    def take_trust(self, document: object) -> None:
        """
        Take a trust list: the first signed by the key set up, each further by one that is trusted; never an older one.

        Raises Unreadable where it is none, or not to be believed.
        """
        with self._lock:
            self._lists.take_trust(document)

    def take_revocations(self, snapshot: object, deltas: Sequence[object]) -> bool:
        """
        Take what the city told: a snapshot or None, then deltas in their order; return whether a delta is missing.

        What is older than what is held is passed over. Raises Unreadable where a list is none or not to be believed.
        """
        with self._lock:
            return self._lists.take_revocations(snapshot, deltas)

    def learn_time(self, server: float) -> bool:
        """Take the server's time, Unix seconds; tell whether this machine's clock was off by more than 30 s."""
        with self._lock:
            off = self.clock.learn(server)
            self._folder.keep_offset(self.clock.offset)
            return off

    def waiting(self, limit: int) -> list[Use]:
        """Return the oldest uses that wait for upload."""
        with self._lock:
            return list(self._journal.waiting.values())[:limit]

    def aside(self) -> list[Aside]:
        """Return the uses the platform did not take, for a person."""
        with self._lock:
            return list(self._journal.aside.values())

    def settle(self, ids: list[str], refused: list[Aside]) -> None:
        """Forget uses the platform has, and put those it refused aside."""
        with self._lock:
            for one in refused:
                self._journal.set_aside(one)
            if ids:
                self._journal.settle(ids)
            self._journal.tidy(int(self.clock.now()) // STEP_SECONDS)

    def dismiss(self, use_id: str) -> bool:
        """Be done with a use that was set aside; tell whether there was one."""
        with self._lock:
            return self._journal.dismiss(use_id)

    def list_number(self) -> int | None:
        """Return the number of the revocation list held."""
        return None if self._lists.revoked is None else self._lists.revoked.number

    def status(self) -> Status:
        """Tell how this reader stands."""
        with self._lock:
            now = self.clock.now()
            return Status(
                city=self.set_up.city,
                trust_number=None if self._lists.trust is None else self._lists.trust.number,
                trust_expires_at=None if self._lists.trust is None else self._lists.trust.expires_at,
                list_number=self.list_number(),
                list_age=self._age(now),
                leave=self._leave(self.set_up.scene, now),
                emergency_scenes=self._policy.beyond_scenes,
                waiting=len(self._journal.waiting),
                aside=len(self._journal.aside),
                damaged=self._journal.damaged,
                clock_offset=self.clock.offset,
                clock_believable=self.clock.is_believable(self._passed),
            )

    def _device(self, code: DeviceCode, scene: str, now: float) -> Answer:
        if self._lists.trust is None:
            return self._refused(Refusal.NOT_SET_UP, scene, now)
        if not self.clock.is_believable(self._passed):
            return self._refused(Refusal.CLOCK_WRONG, scene, now)
        forged = self._memory.check(code, self._lists.trust.keys)
        if forged is not None:
            return self._refused(forged, scene, now)
        stated = code.signed.certificate
        holder = Holder.of(stated)
        why, minutes = self._untimely(code, now)
        if (
            why is None
            and self._lists.revoked is not None
            and self._lists.revoked.voids(stated.card_id, stated.slot, stated.issued)
        ):
            why = Refusal.REVOKED
        leave = self._leave(scene, now)
        why = why or leave.refusal
        if why is None and code.step < self._journal.newest_step(stated.card_id.hex(), stated.slot):
            why = Refusal.REPLAYED
        if why is not None:
            return self._refused(why, scene, now, holder=holder, minutes=minutes)
        name = stated.card_id.hex(), stated.slot, code.step
        return self._kept(name, code.text, scene, now, Outcome.ACCEPTED, holder, leave.cautions)

    def _untimely(self, code: DeviceCode, now: float) -> tuple[Refusal | None, int | None]:
        """Tell how a code's minute or its certificate's days do not fit this instant."""
        off = code.step - int(now) // STEP_SECONDS
        window = self._policy.window_steps
        if off < -window:
            return Refusal.CODE_OLD, -off
        if off > window:
            return Refusal.CODE_AHEAD, off
        if not code.signed.certificate.live_at(code.step):
            return Refusal.CERTIFICATE_OVER, None
        return None, None

    def _unproven(self, code: DynamicCode, scene: str, now: float) -> Answer:
        if not self.clock.is_believable(self._passed):
            return self._refused(Refusal.CLOCK_WRONG, scene, now)
        name = sha256(code.text.encode()).hexdigest(), NO_SLOT, NO_SLOT
        return self._kept(name, code.text, scene, now, Outcome.UNVERIFIED, None, (Caution.UNPROVEN,))

    def _kept(
        self,
        name: tuple[str, int, int],
        text: str,
        scene: str,
        now: float,
        outcome: Outcome,
        holder: Holder | None,
        cautions: tuple[Caution, ...],
    ) -> Answer:
        terminal, age = self.set_up.terminal, self._age(now)
        before = self._journal.seen(name, terminal, scene)
        if before is not None:
            return Answer(Outcome.REPEAT, scene, now, None, holder, cautions, age, None, before)
        card, slot, step = name
        use = Use(str(uuid.uuid4()), terminal, scene, now, text, outcome.value, card, slot, step)
        try:
            self._journal.keep(use)
        except JournalFull:
            return self._refused(Refusal.QUEUE_FULL, scene, now, holder=holder)
        return Answer(outcome, scene, now, None, holder, cautions, age, None, use.id)

    def _refused(
        self, why: Why, scene: str, now: float, *, holder: Holder | None = None, minutes: int | None = None
    ) -> Answer:
        return Answer(Outcome.REFUSED, scene, now, why, holder, (), self._age(now), minutes)

    @property
    def _passed(self) -> float:
        """The latest instant known to have passed: by the lists' own time, or by what was accepted."""
        return max(self._lists.newest, self._journal.latest_step * STEP_SECONDS)

    @property
    def _policy(self) -> Policy:
        return Policy() if self._lists.trust is None else self._lists.trust.policy

    def _leave(self, scene: str, now: float) -> Leave:
        if self._lists.trust is None:
            return Leave(Refusal.NOT_SET_UP)
        issued_at = None if self._lists.revoked is None else self._lists.revoked.issued_at
        return leave_for(self._policy, now, self._lists.trust.expires_at, issued_at, scene)

    def _age(self, now: float) -> float | None:
        return None if self._lists.revoked is None else max(now - self._lists.revoked.issued_at, 0)
