"""Whether the hospital's requests are to be believed: clock, signature, a nonce for each."""

from collections.abc import Sequence

from healthcloud.conformance.model import Acted, Case, Expectation, expect, expect_none
from healthcloud.conformance.seen import OWN
from healthcloud.conformance.stage import Stage

CLOCK = "signature-clock"
REPLAYED = "signature-replayed"
WRONG = ("signature-wrong", "face-signature-wrong", "signature-key-unknown", "signature-key-revoked")


async def clock(stage: Stage) -> Sequence[Expectation]:
    """Judge whether its time is ours."""
    acted = await _first(stage)
    refused = [one for one in acted.seen if one.code == CLOCK]
    return [_called(acted), expect_none("时间戳与平台相差不超过 5 分钟", "times within 5 minutes of ours", refused)]


async def signature(stage: Stage) -> Sequence[Expectation]:
    """Judge whether it signs what it sends."""
    acted = await _first(stage)
    refused = [one for one in acted.seen if one.code in WRONG]
    return [_called(acted), expect_none("没有签名错误的请求", "no request with a wrong signature", refused)]


async def nonce(stage: Stage) -> Sequence[Expectation]:
    """Judge whether each request has a nonce of its own."""
    acted = await _first(stage)
    nonces = [one.nonce for one in acted.seen]
    again = [one for one in acted.seen if nonces.count(one.nonce) > 1 or one.code == REPLAYED]
    return [_called(acted), expect_none("每个请求的随机串各不相同", "a nonce of its own for each request", again)]


async def _first(stage: Stage) -> Acted:
    return await stage.act("open-card", person=stage.person("no-card"))


def _called(acted: Acted) -> Expectation:
    return expect("平台收到了请求", "the city was called", acted.seen)


CASES = (
    Case("trust.clock", "trust", "请求的时间与平台一致", "Requests carry the right time", clock, needs=()),
    Case("trust.signature", "trust", "请求的签名正确", "Requests are well signed", signature, needs=("trust.clock",)),
    Case(
        *("trust.nonce", "trust", "每个请求用新的随机串", "Each request has a fresh nonce", nonce),
        faces=(OWN,),
        needs=("trust.signature",),
    ),
)
