"""What faces with an app secret share: whose key it is, the answer or the refusal in the face's form, the evidence."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from healthcloud import access
from healthcloud.core.caller import Caller, Credentials
from healthcloud.core.errors import Problem
from healthcloud.core.http import FaceReply, foreseen
from healthcloud.core.settings import Settings
from healthcloud.gateway import neutral
from healthcloud.gateway.codes import FaceCodes


class FaceKeys(Protocol):
    """What proves app keys: access's authenticator."""

    def known_app_key(self, app_id: str) -> access.AppKey | None:
        """Return a key this process knows, without waiting."""
        ...

    async def app_key(self, app_id: str) -> access.AppKey:
        """Return a key; raises SignatureKeyUnknown, SignatureKeyRevoked."""
        ...

    def admit_known(self, key: access.AppKey, *, timestamp: float, address: str | None) -> None:
        """Let a rightly signed request pass without waiting."""
        ...

    async def admit(self, key: access.AppKey, *, timestamp: float, nonce: str | None, address: str | None) -> None:
        """Do the same, the key live now and the nonce new."""
        ...


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request and its answer, to be kept as evidence; `outcome` is `ok` or the problem's code."""

    face: str
    method: str
    caller: Caller
    request_id: str
    at: datetime
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    outcome: str = "ok"


class Evidence(Protocol):
    """What keeps messages: returns when they are durable."""

    async def keep(self, exchanged: Exchanged) -> None:
        """Keep one."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What faces are made of."""

    core: neutral.Core
    keys: FaceKeys
    evidence: Evidence | None
    settings: Settings

    @property
    def is_full(self) -> Callable[[], bool]:
        """Tell whether scans are refused just now."""
        return self.core.verifying.is_full


@dataclass(slots=True)
class Visit:
    """One request while it is served: what is known of it so far; a key stands here once it is named."""

    credentials: Credentials
    request_id: str
    method: str = ""
    key: access.AppKey | None = None

    @property
    def proven(self) -> access.AppKey:
        """The key, after it was found."""
        if self.key is None:
            message = "no key was found for this request"
            raise AssertionError(message)
        return self.key

    @property
    def secret(self) -> bytes:
        """The secret's ASCII bytes, which are the SM4 key."""
        return self.proven.secret.encode("ascii")


class ServedFace(ABC):
    """One face of several methods at one path."""

    path: str
    codes: FaceCodes

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def answer(self, credentials: Credentials, request_id: str) -> FaceReply:
        """Serve a request; every refusal is told in the face's form, and both are kept where a key was named."""
        visit = self._arrive(credentials, request_id)
        problem: Problem | None = None
        try:
            body = await self._serve(visit)
        except Exception as error:  # noqa: BLE001 - the last place that can still answer in the face's form
            problem = foreseen(error, request_id)
            body = self._refuse(visit, problem)
        if visit.key is not None and self.parts.evidence is not None:
            await self._keep(self.parts.evidence, visit, body, "ok" if problem is None else problem.code)
        return FaceReply(body, problem)

    def refused(self, problem: Problem, request_id: str) -> FaceReply:
        """Tell a refusal of what was not read."""
        nobody = Credentials("POST", self.path, {}, {}, b"", "")
        return FaceReply(self._refuse(self._arrive(nobody, request_id), problem), problem)

    @abstractmethod
    def _arrive(self, credentials: Credentials, request_id: str) -> Visit:
        """Return what is known before anything was read."""

    @abstractmethod
    async def _serve(self, visit: Visit) -> bytes:
        """Answer, or raise a Problem."""

    @abstractmethod
    def _refuse(self, visit: Visit, problem: Problem) -> bytes:
        """Write a refusal."""

    async def _key(self, app_id: str) -> access.AppKey:
        return self.parts.keys.known_app_key(app_id) or await self.parts.keys.app_key(app_id)

    async def _keep(self, evidence: Evidence, visit: Visit, body: bytes, outcome: str) -> None:
        at = self.parts.core.database.clock.now()
        exchanged = Exchanged(
            face=self.codes.name,
            method=visit.method[:64],
            caller=visit.proven.caller,
            request_id=visit.request_id,
            at=at,
            request=visit.credentials.body,
            answer=body,
            outcome=outcome,
        )
        await evidence.keep(exchanged)
