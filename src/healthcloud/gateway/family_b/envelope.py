"""
The envelope of family B (V2.0.0): a signed head, a signed body, and fields of the body that are encrypted one by one.

The body is signed as it is sent, its starred fields encrypted. `timestamp` is Unix seconds, plain or SM4-encrypted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.gateway import sm4
from healthcloud.gateway.errors import FaceAlgorithmRefused, FaceSignatureWrong
from healthcloud.gateway.family_b import signing
from healthcloud.gateway.fields import Fields, read_object

VERSION, SIGN_MODE, ENCRYPT_MODE = "V2.0.0", "SM3", "SM4/ECB/ZeroBytePadding"
# Starred in the list of fields: encrypted one by one, in requests and in answers.
STARRED = frozenset(
    {"name", "idCode", "phone", "linkman", "telephone", "motherName", "motherIdCode", "checkName", "checkIdCode"}
)
_SECONDS_DIGITS, _MILLISECONDS_DIGITS = 10, 13
_MODES = {"signMode": SIGN_MODE, "encryptMode": ENCRYPT_MODE}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request as it was sent; nothing of it is proven yet."""

    head: Mapping[str, str]
    body: Mapping[str, object] = field(repr=False)
    spelling: sm4.Spelling = sm4.Spelling.HEX

    @property
    def method(self) -> str:
        """Which method is asked for."""
        return self.head["method"]

    def is_signed(self, secret: bytes) -> bool:
        """Tell whether head and body are rightly signed."""
        head = {name: self.head.get(name, "") for name in signing.HEAD}
        return signing.is_right(head, secret, self.head["headSign"]) and signing.is_right(
            self.body, secret, self.head["bodySign"]
        )

    def seconds(self, secret: bytes) -> float:
        """Return when it was made, in Unix seconds; raise Unacceptable."""
        text = self.head["timestamp"]
        if len(text) > _MILLISECONDS_DIGITS:
            try:
                text = sm4.read(secret, text)[0].decode("ascii")
            except (sm4.NotCiphertext, UnicodeDecodeError):
                text = ""
        if text.isascii() and text.isdigit() and len(text) == _MILLISECONDS_DIGITS:
            return int(text) / 1000
        if text.isascii() and text.isdigit() and len(text) == _SECONDS_DIGITS:
            return float(text)
        fault = FieldFault("#/timestamp", "must be Unix seconds, plain or encrypted", "应为秒级时间戳，明文或密文")
        raise Unacceptable(faults=(fault,))


def read(content: bytes) -> Envelope:
    """Read a request; raise Malformed, Unacceptable, FaceAlgorithmRefused."""
    given = read_object(content)
    fields = Fields(given)
    head = {name: fields.need(name) for name in ("method", "appId", "nonceStr", "timestamp", "headSign", "bodySign")}
    head["version"] = fields.text("version") or ""
    for name, taken in _MODES.items():
        mode = fields.text(name)
        if mode is not None and mode.upper() != taken.upper():
            raise FaceAlgorithmRefused(field=name, taken=taken)
    body = given.get("body")
    if not isinstance(body, dict):
        fields.fault("body", "must be an object", "应为对象")
    fields.check()
    return Envelope(head, body if isinstance(body, dict) else {})


def opened(envelope: Envelope, secret: bytes) -> tuple[dict[str, object], sm4.Spelling]:
    """Return the body with its starred fields in the clear, and how they were written; raise FaceSignatureWrong."""
    plain: dict[str, object] = {}
    spelling = sm4.Spelling.HEX
    for name, value in envelope.body.items():
        plain[name] = value
        if name in STARRED and isinstance(value, str) and value:
            try:
                content, spelling = sm4.read(secret, value)
                plain[name] = content.decode()
            except (sm4.NotCiphertext, UnicodeDecodeError):
                raise FaceSignatureWrong(f"body/{name} is no SM4 ciphertext of UTF-8", shape=signing.SHAPE) from None
            if "\0" in content.decode():
                raise FaceSignatureWrong(f"body/{name} holds NUL characters", shape=signing.SHAPE)
    return plain, spelling


def sealed(body: Mapping[str, object], secret: bytes, spelling: sm4.Spelling) -> dict[str, object]:
    """Return a body with its starred fields encrypted."""
    written: dict[str, object] = dict(body)
    for name in STARRED & body.keys():
        value = body[name]
        if isinstance(value, str) and value:
            written[name] = sm4.write(secret, value.encode(), spelling)
    return written
