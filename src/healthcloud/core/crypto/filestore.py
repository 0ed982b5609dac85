"""A KeyStore in one file of software keys, with the steps of rotation; other processes notice within a second."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from healthcloud.core.crypto import keyfile, rotation
from healthcloud.core.crypto.errors import KeyMissing, RotationRefused
from healthcloud.core.crypto.keyfile import KeyFile, Stamp
from healthcloud.core.crypto.keys import AnyRing, DeriveRing, FingerprintRing, Key, SealRing, SignRing, Tool
from healthcloud.core.crypto.purposes import KeyState, Purpose, Use
from healthcloud.core.crypto.rotation import SETTLING, StoredKey, StoredPurpose
from healthcloud.core.crypto.software import Sm4Gcm, new_secret, signer
from healthcloud.core.errors import Problem
from healthcloud_reader.digests import HmacSm3
from healthcloud_reader.keys import Algorithm

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as people may see it in a list."""

    purpose: str
    use: Use
    number: int
    algorithm: Algorithm
    state: KeyState
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class _Loaded:
    file: KeyFile
    stamp: Stamp
    rings: dict[str, AnyRing] = field(default_factory=dict)  # made when first asked for: SM2 opens a library


def _now() -> datetime:
    return datetime.now(UTC)


class FileKeyStore:
    """
    The keys in this file.

    Raises KeyFileMissing, KeyFileExposed (mode wider than 0600) or KeyFileBroken at once. Later a file that cannot be
    read leaves the keys as they were, an error in the log and the problem in `fault`, for health checks.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = _now,
        look_every: float = 1.0,
        settling: timedelta = SETTLING,
    ) -> None:
        self._path = path
        self._clock = clock
        self._look_every = look_every
        self._settling = settling
        self.fault: Problem | None = None
        self.reload()

    @property
    def development(self) -> bool:
        """Whether these keys were made for development; production refuses them."""
        return self._loaded.file.development

    @property
    def version(self) -> str:
        """16 hexadecimal digits, equal on two machines that hold the same keys in the same states."""
        return self._loaded.file.version

    def ring(self, purpose: str) -> AnyRing:
        """Return the purpose's live keys; at most once a second this looks whether the file was replaced."""
        if monotonic() >= self._look_at:
            self._look()
        ring = self._loaded.rings.get(purpose)
        return ring if ring is not None else self._ring(purpose)

    def reload(self) -> None:
        """Read the file now."""
        self._loaded = _Loaded(*keyfile.read(self._path))
        self._look_at = monotonic() + self._look_every
        self.fault = None

    def lines(self) -> tuple[KeyLine, ...]:
        """List every key, retired ones too, without its secret."""
        return tuple(
            KeyLine(name, stored.use, key.number, key.algorithm, key.state, key.created, key.changed)
            for name, stored in sorted(self._loaded.file.purposes.items())
            for key in stored.keys
        )

    def add_key(self, purpose: str, algorithm: Algorithm | None = None) -> None:
        """Make a next key, of the current one's algorithm unless told; it is accepted and claimed from now on."""

        def step(stored: StoredPurpose, now: datetime) -> StoredPurpose:
            chosen = algorithm or stored.live[0].algorithm
            Purpose(purpose, stored.use, chosen)  # ValueError when the algorithm does not do this
            return rotation.with_next(stored, chosen, new_secret(chosen), now)

        self._change(purpose, step)

    def promote(self, purpose: str) -> None:
        """Make next current and current previous, once every row has been given its next fingerprint."""
        self._change(purpose, rotation.promoted)

    def roll_back(self, purpose: str) -> None:
        """Undo a promotion: previous is current again, current is next."""
        self._change(purpose, rotation.rolled_back)

    def retire(self, purpose: str) -> None:
        """Refuse the oldest previous key, once nothing stored needs it."""
        self._change(purpose, rotation.retired)

    def readmit(self, purpose: str, number: int) -> None:
        """Accept a retired key again, to open a backup of its time."""
        self._change(purpose, lambda stored, now: rotation.readmitted(stored, number, now))

    def _change(self, purpose: str, step: Callable[[StoredPurpose, datetime], StoredPurpose]) -> None:
        with keyfile.locked(self._path):
            file, _ = keyfile.read(self._path)
            stored = file.purposes.get(purpose)
            if stored is None:
                raise KeyMissing(purpose=purpose)
            now = self._clock()
            rotation.must_be_settled(stored, now, self._settling)
            keyfile.write(self._path, replace(file, purposes=file.purposes | {purpose: step(stored, now)}))
        self.reload()

    def _look(self) -> None:
        self._look_at = monotonic() + self._look_every
        try:
            if keyfile.stamp(self._path) != self._loaded.stamp:
                self.reload()
        except Problem as fault:
            if self.fault is None or self.fault.code != fault.code:
                _log.error("keys stay as they were: %s (%s)", fault.sentence, fault.detail)
            self.fault = fault

    def _ring(self, purpose: str) -> AnyRing:
        loaded = self._loaded
        stored = loaded.file.purposes.get(purpose)
        if stored is None:
            raise KeyMissing(purpose=purpose)
        return loaded.rings.setdefault(purpose, _ring(purpose, stored, self._settling))


def create_keys(path: Path, purposes: Iterable[Purpose], *, development: bool = False) -> FileKeyStore:
    """
    Create the key file, or give an existing one the purposes it lacks, each with a first key that is current.

    An existing file keeps its keys; RotationRefused when it was made for the other kind of place, or a purpose in it
    has another use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with keyfile.locked(path):
        file = keyfile.read(path)[0] if path.exists() else KeyFile(1, development, {})
        if file.development != development:
            raise RotationRefused("development keys and real ones never share a file")
        added = {purpose.name: _first(purpose) for purpose in purposes if _lacks(file, purpose)}
        if added or not path.exists():
            keyfile.write(path, replace(file, purposes=file.purposes | added))
    return FileKeyStore(path)


def create_development_keys(path: Path, purposes: Iterable[Purpose]) -> FileKeyStore:
    """Create or complete a key file marked `development`, which production refuses."""
    return create_keys(path, purposes, development=True)


def _lacks(file: KeyFile, purpose: Purpose) -> bool:
    stored = file.purposes.get(purpose.name)
    if stored is not None and stored.use is not purpose.use:
        raise RotationRefused("this purpose has keys for another use", purpose=purpose.name)
    return stored is None


def _first(purpose: Purpose) -> StoredPurpose:
    algorithm, now = purpose.first_algorithm, _now()
    return StoredPurpose(purpose.use, (StoredKey(1, algorithm, KeyState.CURRENT, now, now, new_secret(algorithm)),))


def _ring(purpose: str, stored: StoredPurpose, settling: timedelta) -> AnyRing:
    settles = stored.changed + settling
    if stored.use is Use.SEAL:
        return SealRing(purpose, _keys(stored, lambda key: Sm4Gcm(key.secret)), settles)
    if stored.use is Use.FINGERPRINT:
        return FingerprintRing(purpose, _keys(stored, lambda key: HmacSm3(key.secret)), settles)
    if stored.use is Use.DERIVE:
        return DeriveRing(purpose, _keys(stored, lambda key: HmacSm3(key.secret)), settles)
    return SignRing(purpose, _keys(stored, lambda key: signer(key.algorithm, key.secret)), settles)


def _keys(stored: StoredPurpose, tool: Callable[[StoredKey], Tool]) -> tuple[Key[Tool], ...]:
    return tuple(Key(key.number, key.algorithm, key.state, key.created, tool(key)) for key in stored.live)
