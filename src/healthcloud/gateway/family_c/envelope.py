"""
The envelope of family C (`ehc.*`): what is signed, what is encrypted, and how an answer is written.

The digest is over every field but itself, sorted by name, `biz_content` in the clear, and `&app_secret=`; then
`biz_content` is replaced by its SM4 ciphertext, in hexadecimal digits or Base64. One city appends the secret bare, with
SHA-256; both are one secret's, so both are taken.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from healthcloud.core.crypto import same, sm3
from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.gateway import sm4
from healthcloud.gateway.errors import FaceAlgorithmRefused, FaceSignatureWrong
from healthcloud.gateway.fields import Fields, read_object

SIGNED = ("app_id", "biz_content", "digest_type", "enc_type", "method", "term_id", "timestamp", "version")
SHAPE = (
    "app_id=…&biz_content=<plain JSON>&digest_type=…&enc_type=…&method=…&term_id=…&timestamp=…&version=…&app_secret=…"
)
VERSION = "X.M.0.1"
_DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "SM3": lambda text: sm3(text).hex(),
    "SHA256": lambda text: hashlib.sha256(text).hexdigest(),
}
_FORM = "application/x-www-form-urlencoded"
_LONGEST_CONTENT = 2_000_000
_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request as it was sent: each field as text."""

    fields: Mapping[str, str] = field(repr=False)

    @property
    def app_id(self) -> str:
        """Which app asks."""
        return self.fields["app_id"]

    @property
    def method(self) -> str:
        """Which method is asked for."""
        return self.fields["method"]

    @property
    def timestamp(self) -> float:
        """When it was made, in Unix seconds."""
        return int(self.fields["timestamp"]) / _MILLISECONDS


def read(body: bytes, media_type: str) -> Envelope:
    """Read a request, JSON or a form; raise Malformed, Unacceptable, FaceAlgorithmRefused."""
    given: Mapping[str, object] = _form(body) if media_type.startswith(_FORM) else read_object(body)
    fields = Fields(given)
    read_ = {name: fields.need(name) for name in ("app_id", "method", "timestamp", "digest_type", "digest")}
    optional = ("term_id", "version", "enc_type")
    read_ |= {name: value for name in optional if (value := fields.text(name)) is not None}
    read_["biz_content"] = fields.text("biz_content", longest=_LONGEST_CONTENT) or ""
    if read_["timestamp"] and not (read_["timestamp"].isascii() and read_["timestamp"].isdigit()):
        fields.fault("timestamp", "must be milliseconds since 1970", "应为毫秒时间戳")
    fields.check()
    if read_["digest_type"] not in _DIGESTS:
        raise FaceAlgorithmRefused(field="digest_type", taken="SM3, SHA256")
    if read_.get("enc_type", "") not in ("", "SM4"):
        raise FaceAlgorithmRefused(field="enc_type", taken="SM4")
    return Envelope(read_)


def opened(envelope: Envelope, secret: bytes) -> tuple[bytes, sm4.Spelling]:
    """Return the plain biz_content, proven by the digest; raise FaceSignatureWrong."""
    content, spelling = envelope.fields["biz_content"].encode(), sm4.Spelling.HEX
    if envelope.fields.get("enc_type"):
        try:
            content, spelling = sm4.read(secret, envelope.fields["biz_content"])
        except sm4.NotCiphertext:
            raise FaceSignatureWrong("biz_content is no SM4 ciphertext in hex or Base64", shape=SHAPE) from None
    text = string_to_sign(envelope.fields, content)
    digest = _DIGESTS[envelope.fields["digest_type"]]
    given = envelope.fields["digest"].lower().encode()
    if not (
        same(digest(text + b"&app_secret=" + secret).encode(), given) or same(digest(text + secret).encode(), given)
    ):
        raise FaceSignatureWrong("the digest is over the plain biz_content, before it is encrypted", shape=SHAPE)
    return content, spelling


def string_to_sign(fields: Mapping[str, str], content: bytes) -> bytes:
    """Return what is signed, up to the secret: the fields there are, sorted by name."""
    plain = {name: fields[name].encode() for name in SIGNED if name in fields} | {"biz_content": content}
    return b"&".join(name.encode() + b"=" + plain[name] for name in SIGNED if name in plain)


def sealed(fields: Mapping[str, str], content: bytes, secret: bytes, spelling: sm4.Spelling) -> dict[str, str]:
    """Return an answer's fields with biz_content signed in the clear, by the request's rule, and then encrypted."""
    plain = {name: text.encode() for name, text in fields.items()} | {"biz_content": content}
    text = b"&".join(name.encode() + b"=" + plain[name] for name in sorted(plain)) + b"&app_secret=" + secret
    written = sm4.write(secret, content, spelling) if fields.get("enc_type") else content.decode()
    return {**fields, "biz_content": written, "digest": _DIGESTS[fields["digest_type"]](text)}


def _form(body: bytes) -> dict[str, object]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Malformed(faults=(FieldFault("#", "is no form in UTF-8", "不是 UTF-8 编码的表单"),)) from None
    if len({name for name, _ in pairs}) != len(pairs) or any("\0" in value for _, value in pairs):
        raise Malformed(
            faults=(FieldFault("#", "names a field twice, or holds a NUL", "同一字段出现两次或含有空字符"),)
        )
    return dict(pairs)
