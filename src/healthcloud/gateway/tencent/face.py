"""The face at one method's path: the token names the app, the signature proves it, then the method is carried out."""

from dataclasses import dataclass

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import FieldFault, Malformed, Problem
from healthcloud.gateway.codes import TENCENT
from healthcloud.gateway.errors import FaceSignatureWrong
from healthcloud.gateway.neutral import Errand
from healthcloud.gateway.serving import Parts, ServedFace, Visit
from healthcloud.gateway.tencent import envelope, signature, tokens
from healthcloud.gateway.tencent.methods import METHODS, not_yet
from healthcloud.gateway.tencent.routes import TOKEN_METHOD, VERIFY
from healthcloud.gateway.tencent.task import Task
from healthcloud.gateway.words import words_of

SHAPE = "k=v&… of commonIn and req, sorted, without sign and blanks, then the secret; SHA-256, Base64"


@dataclass(slots=True)
class _Visit(Visit):
    message: envelope.Message | None = None

    @property
    def told_id(self) -> str:
        return "" if self.message is None else self.message.request_id


class TencentFace(ServedFace):
    """Serves one method."""

    codes = TENCENT

    def __init__(self, parts: Parts, method: str, path: str) -> None:
        super().__init__(parts)
        self.path = path
        self._name = method
        self._method = METHODS.get(method, not_yet)

    def _arrive(self, credentials: Credentials, request_id: str) -> _Visit:
        return _Visit(credentials, request_id, self._name)

    async def _serve(self, visit: Visit) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        visit.message = message = envelope.read(visit.credentials.body)
        is_token = self._name == TOKEN_METHOD
        visit.key = await self._key(self._app_id(message, is_token=is_token))
        secret = visit.proven.secret
        if not signature.is_signed(message.common, message.wish, secret, visit.credentials.body):
            raise FaceSignatureWrong(shape=SHAPE)
        await self._admit(visit, message)
        if is_token:
            database = self.parts.core.database
            token = tokens.make_token(database.vault, visit.proven.caller.key_id, database.clock.now())
            return envelope.answered(message.request_id, {"appToken": token, "expiresIn": tokens.LIVES_SECONDS})
        caller, core = visit.proven.caller, self.parts.core
        errand = Errand(caller, self.codes.name, self._name, message.request_id or None)
        task = Task(core, errand, message.fields, await words_of(core.database, caller))
        return envelope.answered(message.request_id, await self._method(task))

    def _refuse(self, visit: Visit, problem: Problem) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        return envelope.refused(visit.told_id, self.codes, problem)

    def _app_id(self, message: envelope.Message, *, is_token: bool) -> str:
        if is_token:
            return message.fields.need("appId", longest=64)
        token = message.common.get("appToken")
        database = self.parts.core.database
        return tokens.read_token(database.vault, token if isinstance(token, str) else "", database.clock.now())

    async def _admit(self, visit: _Visit, message: envelope.Message) -> None:
        timestamp = _seconds(message)
        address = visit.credentials.address
        if self._name == VERIFY:
            # A code is its own nonce: the same one again is a repeat.
            self.parts.keys.admit_known(visit.proven, timestamp=timestamp, address=address)
            return
        # The same requestId may come again, signed anew; the same signature may not.
        nonce = str(message.common.get(signature.SIGN))
        await self.parts.keys.admit(visit.proven, timestamp=timestamp, nonce=nonce, address=address)


def _seconds(message: envelope.Message) -> float:
    told = str(message.common.get("timestamp", ""))
    if not (told.isascii() and told.isdigit() and len(told) <= len("9999999999")):
        fault = FieldFault("#/commonIn/timestamp", "must be whole seconds since 1970", "应为秒级时间戳")
        raise Malformed(faults=(fault,))
    return float(told)
