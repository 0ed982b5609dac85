"""
GetPatInfoByQrCode, GetQrCodeByIdCard, GetHealthCardInfoByCardNo: a form or JSON in, `Flag^Msg^…` out, as UTF-8 text.

The form has no signature of its own: the app id and its secret come as HTTP Basic authentication, over TLS.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from healthcloud import cards
from healthcloud.core.caller import Credentials
from healthcloud.core.crypto import same
from healthcloud.core.errors import FieldFault, Malformed, Problem
from healthcloud.core.http import FaceReply
from healthcloud.gateway import neutral
from healthcloud.gateway.codes import SHANDONG, message_of
from healthcloud.gateway.errors import FaceSignatureWrong
from healthcloud.gateway.fields import Fields, read_object
from healthcloud.gateway.neutral import CodeKind, Core, Document, Errand, Whose
from healthcloud.gateway.serving import Parts, ServedFace, Visit
from healthcloud.gateway.words import Words, words_of

PATHS = {
    "GetPatInfoByQrCode": "/hospital/GetPatInfoByQrCode",
    "GetQrCodeByIdCard": "/hospital/GetQrCodeByIdCard",
    "GetHealthCardInfoByCardNo": "/hospital/GetHealthCardInfoByCardNo",
}
TEXT = "text/plain;charset=UTF-8"
SHAPE = "Authorization: Basic base64(app_id:app_secret)"
_IDENTITY_CARD = "01"


@dataclass(frozen=True, slots=True)
class Task:
    """One request to be carried out."""

    core: Core
    errand: Errand
    fields: Fields
    words: Words


async def by_code(task: Task) -> str:
    """Use a code at a terminal, which the hospital calls by its department's code; without one at its only one."""
    read = task.fields
    scan = neutral.Scan(
        read.need("qr", longest=1024), task.words.scene(read.text("medStepCode")), read.text("deptCode", longest=64)
    )
    read.check()
    seen = await neutral.scan(task.core, task.errand.caller, scan)
    person = seen.person
    return _joined(person.name, person.phone, person.document_kind, person.document_number, seen.card.id)


async def code_of(task: Task) -> str:
    """Return the static code of the card somebody holds, by their identity number."""
    whose = Whose(document=Document(_IDENTITY_CARD, task.fields.need("idNo", longest=64)))
    task.fields.check()
    return (await neutral.code(task.core, task.errand, whose, CodeKind.STATIC)).text


async def by_number(task: Task) -> str:
    """Return whose a card is, masked unless the caller may open identities."""
    whose = Whose(card_id=task.fields.need("cardId", longest=64))
    task.fields.check()
    held = await neutral.find(task.core, task.errand, whose)
    if held.card is None:
        raise cards.CardNotFound
    return _joined(held.name, held.phone, held.document_kind, held.document_number, held.card.card_id)


METHODS: Mapping[str, Callable[[Task], Awaitable[str]]] = {
    "GetPatInfoByQrCode": by_code,
    "GetQrCodeByIdCard": code_of,
    "GetHealthCardInfoByCardNo": by_number,
}


class ShandongFace(ServedFace):
    """Serves one of the three calls."""

    codes = SHANDONG

    def __init__(self, parts: Parts, method: str) -> None:
        super().__init__(parts)
        self.path = PATHS[method]
        self._name = method

    async def answer(self, credentials: Credentials, request_id: str) -> FaceReply:
        """Serve a request as every face does, in text."""
        return (await super().answer(credentials, request_id))._replace(media_type=TEXT)

    def refused(self, problem: Problem, request_id: str) -> FaceReply:
        """Tell a refusal of what was not read."""
        return super().refused(problem, request_id)._replace(media_type=TEXT)

    def _arrive(self, credentials: Credentials, request_id: str) -> Visit:
        return Visit(credentials, request_id, self._name)

    async def _serve(self, visit: Visit) -> bytes:
        app_id, secret = _told(visit.credentials.headers.get("authorization", ""))
        visit.key = await self._key(app_id)
        if not same(visit.secret, secret.encode()):
            raise FaceSignatureWrong(shape=SHAPE)
        core, caller = self.parts.core, visit.proven.caller
        now = core.database.clock.now().timestamp()
        self.parts.keys.admit_known(visit.proven, timestamp=now, address=visit.credentials.address)
        fields = _fields(visit.credentials)
        errand = Errand(caller, self.codes.name, self._name)
        answer = await METHODS[self._name](Task(core, errand, fields, await words_of(core.database, caller)))
        return f"{self.codes.success}^成功^{answer}".encode()

    def _refuse(self, visit: Visit, problem: Problem) -> bytes:  # noqa: ARG002 - a line of text names no request
        return f"{self.codes.of(problem)}^{_plain(message_of(problem))}^".encode()


def _told(header: str) -> tuple[str, str]:
    scheme, _, told = header.partition(" ")
    try:
        app_id, _, secret = b64decode(told, validate=True).decode("ascii").partition(":")
    except (NotBase64, ValueError):
        raise FaceSignatureWrong(shape=SHAPE) from None
    if scheme.lower() != "basic":
        raise FaceSignatureWrong(shape=SHAPE)
    return app_id, secret


def _fields(credentials: Credentials) -> Fields:
    if "json" in credentials.headers.get("content-type", ""):
        return Fields(read_object(credentials.body))
    try:
        pairs = parse_qsl(credentials.body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=20)
    except ValueError:
        raise Malformed(faults=(FieldFault("#", "is no form in UTF-8", "不是 UTF-8 编码的表单"),)) from None
    if any("\0" in value for _, value in pairs):
        raise Malformed(faults=(FieldFault("#", "holds a NUL", "含有空字符"),))
    return Fields(dict(pairs))


def _joined(*values: str | None) -> str:
    return "|".join(_plain(value or "") for value in values)


def _plain(text: str) -> str:
    """Return a text without what parts the answer's fields."""
    return text.replace("^", " ").replace("|", " ")
