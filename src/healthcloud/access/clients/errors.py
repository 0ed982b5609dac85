"""
What can be wrong with a signed request, told to the developer who must mend it; and with clients and keys.

    Unauthenticated
    ├── SignatureMissing, SignatureMalformed   the header
    ├── SignatureClock                         timestamp too far off; says by how much
    ├── SignatureKeyUnknown                    no live key of this id, or none at all
    ├── SignatureWrong                         says what the signed text is made of, and the body as it arrived
    ├── SignatureKeyRevoked                    rightly signed by a key no longer live
    └── SignatureReplayed                      nonce already used by this key
    Forbidden
    └── AddressNotAllowed                      rightly signed, from an address that is not on its list
    TooMany
    └── QuotaExceeded                          rightly signed, but more than its quota
"""

from healthcloud.core.errors import Conflict, Forbidden, NotFound, TooMany, Unacceptable, Unauthenticated


class SignatureMissing(Unauthenticated):
    """The Authorization header is empty; sign the request."""

    code = "signature-missing"
    zh = "Authorization 头为空，请对请求签名。"
    who_acts = "developer"


class SignatureMalformed(Unauthenticated):
    """The Authorization header cannot be read; detail says which part."""

    code = "signature-malformed"
    zh = "Authorization 头无法解析，detail 指出哪一部分。"
    who_acts = "developer"


class SignatureClock(Unauthenticated):
    """The signature's timestamp is too far from our clock; clock_off_seconds says how far yours is ahead of ours."""

    code = "signature-clock"
    zh = "签名时间戳与本系统时钟相差过大，clock_off_seconds 为您方快多少秒。"
    who_acts = "developer"


class SignatureKeyUnknown(Unauthenticated):
    """There is no live key with this id; it may have been revoked, or belong to another environment."""

    code = "signature-key-unknown"
    zh = "没有这个编号的有效密钥，可能已吊销，或属于另一环境。"
    who_acts = "developer"


class SignatureWrong(Unauthenticated):
    """The signature does not fit the request as it arrived; compare the text you signed with shape and body_bytes."""

    code = "signature-wrong"
    zh = "签名与收到的请求不符，请对照 shape 与 body_bytes 检查签名原文。"
    who_acts = "developer"


class SignatureKeyRevoked(Unauthenticated):
    """The request is rightly signed, but its key has been revoked or has expired; use the newer one."""

    code = "signature-key-revoked"
    zh = "签名正确，但该密钥已吊销或到期，请换用新密钥。"
    who_acts = "developer"


class SignatureReplayed(Unauthenticated):
    """This nonce was already used with this key; make a new one for every request, also when sending again."""

    code = "signature-replayed"
    zh = "该随机串已用于此密钥的另一请求；每次发送（包括重发）都要换新的随机串。"
    who_acts = "developer"


class AddressNotAllowed(Forbidden):
    """The request is rightly signed, but this program may not send from this address; have the address added."""

    code = "address-not-allowed"
    zh = "签名正确，但该接入程序不允许从这个地址访问，请联系管理员登记地址。"
    who_acts = "administrator"


class QuotaExceeded(TooMany):
    """This client sends more requests a second than its quota; go on after Retry-After, more evenly."""

    code = "quota-exceeded"
    zh = "该接入程序每秒请求数超过配额，请按 Retry-After 等待，并把请求发得均匀些。"
    who_acts = "developer"


class NoSuchClient(NotFound):
    """There is no such client or key for you."""

    code = "no-such-client"
    zh = "没有您可以管理的该接入程序或密钥。"


class TwoKeysLive(Conflict):
    """This client has two live keys already; revoke the older one first."""

    code = "two-keys-live"
    zh = "该接入程序已有两把有效密钥，请先吊销旧的一把。"
    who_acts = "administrator"


class PublicKeyUnreadable(Unacceptable):
    """An SM2 key needs the institution's public key, as PEM or as 130 hexadecimal digits; other kinds take none."""

    code = "public-key-unreadable"
    zh = "SM2 密钥需要机构的公钥（PEM 或 130 位十六进制）；其他类型不需要公钥。"
    who_acts = "administrator"


class AddressesUnreadable(Unacceptable):
    """These are no network addresses; write one address or network a line, such as 10.1.0.0/16."""

    code = "addresses-unreadable"
    zh = "地址格式不对，每行写一个 IP 地址或网段，如 10.1.0.0/16。"
    who_acts = "administrator"


class ScopeNotForClients(Unacceptable):
    """An institution's program may not hold this scope."""

    code = "scope-not-for-clients"
    zh = "接入程序不能持有该权限。"
    who_acts = "administrator"
