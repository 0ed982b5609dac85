"""The face of family B at `/api/do`."""

from dataclasses import dataclass

import msgspec

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id_text
from healthcloud.gateway import sm4
from healthcloud.gateway.codes import FAMILY_B, message_of
from healthcloud.gateway.errors import FaceSignatureWrong, MethodUnknown
from healthcloud.gateway.family_b import envelope, signing
from healthcloud.gateway.family_b.methods import METHODS, VERIFY, Task
from healthcloud.gateway.fields import Fields
from healthcloud.gateway.neutral import Errand
from healthcloud.gateway.serving import ServedFace, Visit
from healthcloud.gateway.words import words_of

PATH = "/api/do"
_ENCODER = msgspec.json.Encoder()


@dataclass(slots=True)
class _Visit(Visit):
    asked: envelope.Envelope | None = None
    spelling: sm4.Spelling = sm4.Spelling.HEX


class FamilyB(ServedFace):
    """Serves every method of V2.0.0: head and body are proven, then the body is opened and carried out."""

    path = PATH
    codes = FAMILY_B

    def _arrive(self, credentials: Credentials, request_id: str) -> _Visit:
        return _Visit(credentials, request_id)

    async def _serve(self, visit: Visit) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        asked = envelope.read(visit.credentials.body)
        visit.method = asked.method
        visit.key = await self._key(asked.head["appId"])
        visit.asked = asked
        if not asked.is_signed(visit.secret):
            raise FaceSignatureWrong("headSign or bodySign; the body is signed as it is sent", shape=signing.SHAPE)
        await self._admit(visit, asked)
        method = METHODS.get(asked.method)
        if method is None:
            raise MethodUnknown(known=", ".join(METHODS))
        body, visit.spelling = envelope.opened(asked, visit.secret)
        core, caller = self.parts.core, visit.key.caller
        errand = Errand(caller, self.codes.name, asked.method)
        answer = await method(Task(core, errand, Fields(body, "#/body"), await words_of(core.database, caller)))
        return self._written(visit, self.codes.success, "成功", answer)

    async def _admit(self, visit: _Visit, asked: envelope.Envelope) -> None:
        seconds, address = asked.seconds(visit.secret), visit.credentials.address
        if asked.method == VERIFY:
            # A code is its own nonce: the same one again is a repeat.
            self.parts.keys.admit_known(visit.proven, timestamp=seconds, address=address)
        else:
            nonce = asked.head["nonceStr"]
            await self.parts.keys.admit(visit.proven, timestamp=seconds, nonce=nonce, address=address)

    def _refuse(self, visit: Visit, problem: Problem) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        told: dict[str, object] = {"errorCode": problem.code, "whoActs": problem.who_acts}
        return self._written(visit, self.codes.of(problem), message_of(problem), told)

    def _written(self, visit: _Visit, code: str, message: str, answer: dict[str, object]) -> bytes:
        """Write an answer; signed once its key is known."""
        now = str(round(self.parts.core.database.clock.now().timestamp()))
        whole: dict[str, object] = {"code": int(code), "message": message, "requestId": visit.request_id}
        if visit.asked is None or visit.key is None:
            return _ENCODER.encode(whole | {"body": answer})
        head = {
            "appId": visit.asked.head["appId"],
            "nonceStr": new_id_text(),
            "timestamp": now,
            "version": envelope.VERSION,
        }
        told = {name: value for name, value in answer.items() if value is not None}
        body = envelope.sealed(told, visit.secret, visit.spelling)
        signs = {"headSign": signing.sign(head, visit.secret), "bodySign": signing.sign(body, visit.secret)}
        modes = {"signMode": envelope.SIGN_MODE, "encryptMode": envelope.ENCRYPT_MODE}
        return _ENCODER.encode(whole | head | modes | signs | {"method": visit.asked.method, "body": body})
