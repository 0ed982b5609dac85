"""
Proving signed requests, with the keys this process has met lately.

`known` is for the hot edge: no await, no database, at most 15 µs; a statement behind it compares the key again, so a
revoked one is refused at once there too. `caller` asks the database at every request. What it finds is known for half a
minute; from half of that on, one request a second goes that way by itself, so that never all of a key's do at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthcloud.access.clients import store
from healthcloud.access.clients.errors import (
    SignatureClock,
    SignatureKeyRevoked,
    SignatureKeyUnknown,
    SignatureReplayed,
    SignatureWrong,
)
from healthcloud.access.clients.model import KeyStanding, Nonce, client_rights_text, secret_row
from healthcloud.access.clients.nonces import NonceBook
from healthcloud.access.clients.quotas import Bucket, Buckets
from healthcloud.access.clients.signature import (
    SHAPE,
    SIGNED,
    Algorithm,
    Signed,
    is_right,
    mac_of,
    read_header,
    string_to_sign,
)
from healthcloud.access.purposes import CLIENT_SECRET, RIGHTS
from healthcloud.access.roles import report_tampered
from healthcloud.core.caller import Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.flights import Flights

FRESH_SECONDS, RENEWED_AFTER_SECONDS, RENEWAL_SECONDS = 30.0, 15.0, 1.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    algorithm: Algorithm
    mac: Callable[[bytes], bytes] = field(repr=False)
    caller: Caller
    expires_at: datetime | None
    standing: KeyStanding
    bucket: Bucket = field(repr=False)
    loaded_at: float


class Keyring:
    """The client keys of one process among so many `workers`, and what is left of its clients' quotas."""

    def __init__(
        self,
        database: Database,
        window: timedelta,
        workers: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._window = window
        self._monotonic = monotonic
        self._buckets = Buckets(workers, monotonic)
        self._nonces = NonceBook(database)
        self._finding: Flights[str, KeyStanding] = Flights()
        self._known: dict[str, _Known] = {}
        self._renewals: dict[str, float] = {}

    def known(self, credentials: Credentials) -> Caller | None:
        """Return who signed, or None when only `caller` can tell; raise what is wrong with the request."""
        header = credentials.headers.get("authorization", "")
        if not header.startswith(SIGNED):
            return None
        signed = read_header(header)
        key = self._known.get(signed.key)
        ticks = self._monotonic()
        if key is None or self._is_due(signed.key, key, ticks):
            return None
        now = self._check_clock(signed)
        _check_signature(signed, key, credentials)
        if key.expires_at is not None and key.expires_at <= now:
            return None
        key.bucket.take(ticks)
        return key.caller

    async def caller(self, credentials: Credentials, *, spend: bool = True) -> Caller:
        """Return who signed; raise what is wrong. A write's nonce is good once, unless it is not to be spent."""
        signed = read_header(credentials.headers["authorization"])
        now = self._check_clock(signed)
        key = self._known.get(signed.key)
        if key is None:
            key = await self._load(await self._finding.find(signed.key, lambda: self._standing(signed)))
        _check_signature(signed, key, credentials)
        key.bucket.take(self._monotonic())
        if not spend:
            standing, is_fresh = await self._finding.find(signed.key, lambda: self._standing(signed)), True
        elif credentials.method in SAFE_METHODS:
            standing, is_fresh = await self._standing(signed), True
        else:
            standing, is_fresh = await self._standing_once(signed)
        if not standing.is_live(now):
            self._known.pop(signed.key, None)
            raise SignatureKeyRevoked
        if not is_fresh:
            raise SignatureReplayed
        key = await self._load(standing)
        self._known[signed.key] = key
        return key.caller

    def _check_clock(self, signed: Signed) -> datetime:
        now = self._database.clock.now()
        off = round(int(signed.timestamp) - now.timestamp())
        if abs(off) > self._window.total_seconds():
            raise SignatureClock(
                f"your clock is {abs(off)} s {'ahead of' if off > 0 else 'behind'} ours",
                clock_off_seconds=off,
                server_time=int(now.timestamp()),
            )
        return now

    def _is_due(self, key_id: str, key: _Known, now: float) -> bool:
        """Tell whether this request is to ask the database."""
        age = now - key.loaded_at
        if age < RENEWED_AFTER_SECONDS:
            return False
        if age > FRESH_SECONDS:
            return True
        if self._renewals.get(key_id, 0.0) > now:
            return False
        self._renewals[key_id] = now + RENEWAL_SECONDS
        return True

    async def _standing(self, signed: Signed) -> KeyStanding:
        async with self._database.read() as read:
            found = await store.key_standings(read, [UUID(signed.key)])
        if not found:
            raise SignatureKeyUnknown
        return found[0]

    async def _standing_once(self, signed: Signed) -> tuple[KeyStanding, bool]:
        until = datetime.fromtimestamp(int(signed.timestamp), UTC) + self._window + timedelta(seconds=1)
        noted = await self._nonces.note(Nonce(UUID(signed.key), signed.nonce, until))
        if noted is None:
            raise SignatureKeyUnknown
        return noted

    async def _load(self, standing: KeyStanding) -> _Known:
        """Make a key ready; a client whose rights were altered past this software has none."""
        known = self._known.get(str(standing.id))
        if (
            known is not None
            and known.standing == standing
            and self._monotonic() - known.loaded_at < RENEWED_AFTER_SECONDS
        ):
            return known
        vault = self._database.vault
        scopes = frozenset({*standing.scopes, str(CallerKind.CLIENT)})
        text = client_rights_text(standing.client_id, standing.client_institution_id, standing.scopes)
        if standing.mac not in vault.fingerprints(RIGHTS, text):
            await report_tampered(self._database, standing.client_id, "client", standing.mac)
            scopes = frozenset()
        secret = secret_row(standing.id, standing.client_id)
        algorithm = Algorithm(standing.algorithm)
        return _Known(
            id=standing.id,
            algorithm=algorithm,
            mac=known.mac if known else mac_of(algorithm, vault.open(CLIENT_SECRET, secret, standing.secret_sealed)),
            caller=Caller(
                CallerKind.CLIENT,
                standing.client_id,
                scopes,
                institution_id=standing.client_institution_id,
                key_id=standing.id,
            ),
            expires_at=standing.expires_at,
            standing=standing,
            bucket=self._buckets.bucket(standing.client_id, standing.quota_per_second),
            loaded_at=self._monotonic(),
        )


def _check_signature(signed: Signed, key: _Known, credentials: Credentials) -> None:
    if signed.algorithm is not key.algorithm:
        raise SignatureWrong(f"this key signs with {key.algorithm}", shape=SHAPE, algorithm=key.algorithm)
    text = string_to_sign(
        signed.algorithm, credentials.method, credentials.target, signed.timestamp, signed.nonce, credentials.body
    )
    if not is_right(signed, key.mac(text)):
        raise SignatureWrong(
            "sign exactly these five lines, each ended by a line feed, with path and query as sent",
            shape=SHAPE,
            method=credentials.method,
            body_bytes=len(credentials.body),
            body_digest_begins=text.rsplit(b"\n", 2)[1][:8].decode(),
        )
