"""Who asks: a machine by signed request, a person by session cookie, or nobody."""

import time
from collections.abc import Callable
from dataclasses import replace

from healthcloud.access.clients import AppKey, Keyring
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.ports import PersonOfAccount, TerminalOfToken
from healthcloud.access.roles import report_tampered
from healthcloud.access.sessions import (
    SESSION_COOKIE,
    OpenSession,
    SessionLocked,
    SessionOver,
    caller_of_session,
    session_of,
    touch_session,
)
from healthcloud.access.tokens import read_token
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database, Read

TERMINAL_COOKIE = "hc_terminal"


class AccessAuthenticator:
    """
    Implements core's Authenticator; one for a process.

    Nothing about persons is cached: a session ended, a role withdrawn or a key revoked is refused at the next request.
    """

    def __init__(
        self,
        database: Database,
        policy: AccessPolicy,
        *,
        person_of_account: PersonOfAccount | None = None,
        terminal_of_token: TerminalOfToken | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._policy = policy
        self._person_of_account = person_of_account
        self._terminal_of_token = terminal_of_token
        self._keyring = Keyring(database, policy.signature_window, policy.workers, monotonic)

    async def authenticate(self, credentials: Credentials, *, spend: bool = True) -> Caller:
        """
        Return who asks: GUEST without credentials; raises a kind of Unauthenticated for wrong ones, and QuotaExceeded.

        With `spend` the nonce of a signed write is good once.
        """
        if "authorization" in credentials.headers:
            return await self._keyring.caller(credentials, spend=spend)
        if SESSION_COOKIE in credentials.cookies:
            return await self._signed_in(credentials)
        return GUEST

    def client_caller(self, credentials: Credentials) -> Caller | None:
        """
        Return who signed, without waiting, for the hot edge; None when only `authenticate` can tell.

        The hot statement must compare `key_id` again (access.client_keys, live). A nonce is not spent here.
        """
        return self._keyring.known(credentials)

    def known_app_key(self, app_id: str) -> AppKey | None:
        """
        Return the key a face's request names, without waiting; None when only `app_key` can tell.

        `app_id` is the key's UUID as 32 hexadecimal digits. A hot statement must compare `caller.key_id` again.
        """
        return self._keyring.known_app_key(app_id)

    async def app_key(self, app_id: str) -> AppKey:
        """Return the key a face's request names; raises SignatureKeyUnknown, SignatureKeyRevoked."""
        return await self._keyring.app_key(app_id)

    def admit_known(self, key: AppKey, *, timestamp: float, address: str | None) -> None:
        """
        Let a face's request pass, whose digest the face has found right, without waiting.

        `timestamp` is in Unix seconds. Raises SignatureClock, AddressNotAllowed, QuotaExceeded.
        """
        self._keyring.admit_known(key, timestamp=timestamp, address=address)

    async def admit(self, key: AppKey, *, timestamp: float, nonce: str | None, address: str | None) -> None:
        """Do the same for what changes something: the key must be live now and the nonce new (SignatureReplayed)."""
        await self._keyring.admit(key, timestamp=timestamp, nonce=nonce, address=address)

    async def _signed_in(self, credentials: Credentials) -> Caller:
        token = read_token(credentials.cookies[SESSION_COOKIE])
        if token is None:
            raise SessionOver
        async with self._database.glance() as read:
            session = await session_of(read, token)
            if session is None:
                raise SessionOver
            self._must_be_awake(session)
            caller, altered = caller_of_session(self._database.vault, session)
            caller = await self._completed(read, caller, credentials)
        for grant in altered:
            await report_tampered(self._database, grant.account_id, grant.role, grant.mac)
        is_staff = caller.kind is CallerKind.STAFF
        terms = self._policy.staff_sessions if is_staff else self._policy.resident_sessions
        await touch_session(self._database, token, session, terms.idle)
        return caller

    def _must_be_awake(self, session: OpenSession) -> None:
        if session.is_locked(self._database.clock.now()):
            raise SessionLocked if session.kind == CallerKind.STAFF else SessionOver

    async def _completed(self, read: Read, caller: Caller, credentials: Credentials) -> Caller:
        """Add what features above know: the resident's person, the desk this browser stands at."""
        if caller.kind is CallerKind.RESIDENT and self._person_of_account is not None:
            return replace(caller, person_id=await self._person_of_account(read, caller.account_id))
        cookie = credentials.cookies.get(TERMINAL_COOKIE)
        if caller.kind is CallerKind.STAFF and cookie and self._terminal_of_token is not None:
            bound = await self._terminal_of_token(read, cookie)
            if bound is not None and bound.institution_id == caller.institution_id:
                return replace(caller, terminal_id=bound.terminal_id)
        return caller


class ScanAuthenticator:
    """The same for the hot edge, where `client_caller` cannot tell: scans spend no nonce."""

    def __init__(self, authenticator: AccessAuthenticator) -> None:
        self._authenticator = authenticator

    async def authenticate(self, credentials: Credentials) -> Caller:
        """Return who asks."""
        return await self._authenticator.authenticate(credentials, spend=False)
