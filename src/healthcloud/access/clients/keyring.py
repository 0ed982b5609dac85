"""
Proving signed requests and keys of faces, with the keys this process has met lately.

`known` is for the hot edge: no await, no database, at most 15 µs; a statement behind it compares the key again, so a
revoked one is refused at once there too. `caller` asks the database at every request. What it finds is known for half a
minute; from half of that on, one request a second goes that way by itself, so that never all of a key's do at once.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthcloud.access.clients import store
from healthcloud.access.clients.addresses import networks_of
from healthcloud.access.clients.errors import (
    SignatureClock,
    SignatureKeyRevoked,
    SignatureKeyUnknown,
    SignatureReplayed,
)
from healthcloud.access.clients.faces import AppKey, app_key_of, key_text, nonce_text
from healthcloud.access.clients.known import KnownKey, check_address
from healthcloud.access.clients.model import KeyStanding, Nonce, client_rights_text, secret_row
from healthcloud.access.clients.nonces import NonceBook
from healthcloud.access.clients.proofs import Proof, proof_of
from healthcloud.access.clients.quotas import Buckets
from healthcloud.access.clients.signature import SIGNED, Algorithm, read_header
from healthcloud.access.purposes import CLIENT_SECRET, RIGHTS
from healthcloud.access.roles import report_tampered
from healthcloud.core.caller import Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.flights import Flights

FRESH_SECONDS, RENEWED_AFTER_SECONDS, RENEWAL_SECONDS = 30.0, 15.0, 1.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LATEST = 10_000_000_000.0  # Unix seconds of ten digits, as HC1 writes them; also what no float of a face may pass


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
        self._known: dict[str, KnownKey] = {}
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
        now = self._check_clock(int(signed.timestamp))
        key.check(signed, credentials)
        if key.is_over(now):
            return None
        check_address(credentials.address, key.networks)
        key.bucket.take(ticks)
        return key.caller

    async def caller(self, credentials: Credentials, *, spend: bool = True) -> Caller:
        """Return who signed; raise what is wrong. A write's nonce is good once, unless it is not to be spent."""
        signed = read_header(credentials.headers["authorization"])
        now = self._check_clock(int(signed.timestamp))
        key = self._known.get(signed.key)
        if key is None:
            key = await self._load(await self._standing_shared(signed.key))
        key.check(signed, credentials)
        check_address(credentials.address, key.networks)
        key.bucket.take(self._monotonic())
        if not spend:
            standing, is_fresh = await self._standing_shared(signed.key), True
        elif credentials.method in SAFE_METHODS:
            standing, is_fresh = await self._standing(signed.key), True
        else:
            standing, is_fresh = await self._standing_once(signed.key, signed.nonce, int(signed.timestamp))
        key = await self._admitted(signed.key, standing, now, is_fresh=is_fresh)
        check_address(credentials.address, key.networks)
        return key.caller

    def known_app_key(self, app_id: str) -> AppKey | None:
        """Return a face's key, or None when only `app_key` can tell."""
        text = key_text(app_id)
        key = self._known.get(text) if text else None
        if key is None or text is None or key.algorithm is not Algorithm.APP_SECRET:
            return None
        if self._is_due(text, key, self._monotonic()) or key.is_over(self._database.clock.now()):
            return None
        return app_key_of(key)

    async def app_key(self, app_id: str) -> AppKey:
        """Return a live key of the faces, as the database has it now."""
        text = key_text(app_id)
        if text is None:
            raise SignatureKeyUnknown
        standing = await self._standing_shared(text)
        if standing.algorithm != Algorithm.APP_SECRET:
            raise SignatureKeyUnknown
        return app_key_of(await self._admitted(text, standing, self._database.clock.now(), is_fresh=True))

    def admit_known(self, key: AppKey, *, timestamp: float, address: str | None) -> None:
        """Let a request pass whose digest is right: its time, its address, its client's quota."""
        self._check_clock(timestamp)
        check_address(address, key.networks)
        key.bucket.take(self._monotonic())

    async def admit(self, key: AppKey, *, timestamp: float, nonce: str | None, address: str | None) -> None:
        """Do the same, with the key looked at again; a nonce is good once."""
        self.admit_known(key, timestamp=timestamp, address=address)
        text = str(key.caller.key_id)
        if nonce is None:
            standing, is_fresh = await self._standing_shared(text), True
        else:
            standing, is_fresh = await self._standing_once(text, nonce_text(nonce), timestamp)
        fresh = await self._admitted(text, standing, self._database.clock.now(), is_fresh=is_fresh)
        check_address(address, fresh.networks)

    async def _admitted(self, key_id: str, standing: KeyStanding, now: datetime, *, is_fresh: bool) -> KnownKey:
        if not standing.is_live(now):
            self._known.pop(key_id, None)
            raise SignatureKeyRevoked
        if not is_fresh:
            raise SignatureReplayed
        key = self._known[key_id] = await self._load(standing)
        return key

    def _check_clock(self, timestamp: float) -> datetime:
        now = self._database.clock.now()
        if not abs(timestamp) < _LATEST:
            raise SignatureClock("the timestamp is no time", server_time=int(now.timestamp()))
        off = round(timestamp - now.timestamp())
        if abs(off) > self._window.total_seconds():
            raise SignatureClock(
                f"your clock is {abs(off)} s {'ahead of' if off > 0 else 'behind'} ours",
                clock_off_seconds=off,
                server_time=int(now.timestamp()),
            )
        return now

    def _is_due(self, key_id: str, key: KnownKey, now: float) -> bool:
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

    async def _standing(self, key_id: str) -> KeyStanding:
        async with self._database.read() as read:
            found = await store.key_standings(read, [UUID(key_id)])
        if not found:
            raise SignatureKeyUnknown
        return found[0]

    async def _standing_shared(self, key_id: str) -> KeyStanding:
        """Return the same; those who ask together are answered by one question."""
        return await self._finding.find(key_id, lambda: self._standing(key_id))

    async def _standing_once(self, key_id: str, nonce: str, timestamp: float) -> tuple[KeyStanding, bool]:
        until = datetime.fromtimestamp(timestamp, UTC) + self._window + timedelta(seconds=1)
        noted = await self._nonces.note(Nonce(UUID(key_id), nonce, until))
        if noted is None:
            raise SignatureKeyUnknown
        return noted

    async def _load(self, standing: KeyStanding) -> KnownKey:
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
        text = client_rights_text(
            standing.client_id, standing.client_institution_id, standing.scopes, standing.addresses
        )
        if standing.mac not in vault.fingerprints(RIGHTS, text):
            await report_tampered(self._database, standing.client_id, "client", standing.mac)
            scopes = frozenset()
        algorithm = Algorithm(standing.algorithm)
        proves, secret = (known.proves, known.secret) if known else self._opened(standing, algorithm)
        return KnownKey(
            algorithm=algorithm,
            proves=proves,
            secret=secret,
            caller=Caller(
                CallerKind.CLIENT,
                standing.client_id,
                scopes,
                institution_id=standing.client_institution_id,
                key_id=standing.id,
            ),
            expires_at=standing.expires_at,
            networks=networks_of(standing.addresses),
            standing=standing,
            bucket=self._buckets.bucket(standing.client_id, standing.quota_per_second),
            loaded_at=self._monotonic(),
        )

    def _opened(self, standing: KeyStanding, algorithm: Algorithm) -> tuple[Proof, str]:
        row = secret_row(standing.id, standing.client_id)
        secret = self._database.vault.open(CLIENT_SECRET, row, standing.secret_sealed)
        return proof_of(algorithm, secret), secret.decode() if algorithm is Algorithm.APP_SECRET else ""
