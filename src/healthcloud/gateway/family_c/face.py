"""The face of family C at `/erhc/ehealthcard/business.do`."""

from dataclasses import dataclass

import msgspec

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem
from healthcloud.gateway import sm4
from healthcloud.gateway.codes import FAMILY_C, message_of
from healthcloud.gateway.errors import MethodUnknown
from healthcloud.gateway.family_c import envelope
from healthcloud.gateway.family_c.methods import METHODS, VERIFY
from healthcloud.gateway.family_c.task import Task
from healthcloud.gateway.fields import Fields, read_object
from healthcloud.gateway.neutral import Errand
from healthcloud.gateway.serving import ServedFace, Visit
from healthcloud.gateway.words import words_of

PATH = "/erhc/ehealthcard/business.do"
_ENCODER = msgspec.json.Encoder()


@dataclass(slots=True)
class _Visit(Visit):
    asked: envelope.Envelope | None = None
    spelling: sm4.Spelling = sm4.Spelling.HEX


class FamilyC(ServedFace):
    """Serves every `ehc.*` method: the digest is proven, then the content is read and carried out."""

    path = PATH
    codes = FAMILY_C

    def _arrive(self, credentials: Credentials, request_id: str) -> _Visit:
        return _Visit(credentials, request_id)

    async def _serve(self, visit: Visit) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        credentials = visit.credentials
        asked = envelope.read(credentials.body, credentials.headers.get("content-type", ""))
        visit.method = asked.method
        visit.key = await self._key(asked.app_id)
        visit.asked = asked
        content, visit.spelling = envelope.opened(asked, visit.secret)
        if asked.method == VERIFY:
            # A code is its own nonce: the same one again is a repeat.
            self.parts.keys.admit_known(visit.key, timestamp=asked.timestamp, address=credentials.address)
        else:
            await self.parts.keys.admit(visit.key, timestamp=asked.timestamp, nonce=None, address=credentials.address)
        method = METHODS.get(asked.method)
        if method is None:
            raise MethodUnknown(known=", ".join(METHODS))
        core, caller = self.parts.core, visit.key.caller
        fields = Fields(read_object(content), "#/biz_content")
        errand = Errand(caller, self.codes.name, asked.method)
        answer = await method(Task(core, errand, fields, await words_of(core.database, caller)))
        return self._written(visit, self.codes.success, "成功", answer)

    def _refuse(self, visit: Visit, problem: Problem) -> bytes:
        assert isinstance(visit, _Visit)  # noqa: S101 - made by _arrive
        told = {"error_code": problem.code, "who_acts": problem.who_acts}
        return self._written(visit, self.codes.of(problem), message_of(problem), told)

    def _written(self, visit: _Visit, code: str, message: str, answer: object) -> bytes:
        """Write an answer; signed and encrypted as the request was, once its key is known."""
        now = str(round(self.parts.core.database.clock.now().timestamp() * 1000))
        head = {"code": code, "msg": message, "timestamp": now, "version": envelope.VERSION}
        content = _ENCODER.encode(answer)
        asked = visit.asked
        if asked is None or visit.key is None:
            plain: dict[str, object] = {**head, "request_id": visit.request_id, "biz_content": answer}
            return _ENCODER.encode(plain)
        same = {
            name: asked.fields[name] for name in ("app_id", "method", "digest_type", "enc_type") if name in asked.fields
        }
        signed = envelope.sealed({**head, **same}, content, visit.secret, visit.spelling)
        return _ENCODER.encode({**signed, "request_id": visit.request_id})
