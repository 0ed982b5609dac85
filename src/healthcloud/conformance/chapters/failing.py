"""When things go wrong: the platform down, a request twice, a clock that is off, an answer nobody signed."""

from collections.abc import Sequence

from healthcloud.conformance.chapters.trust import CLOCK, REPLAYED
from healthcloud.conformance.model import Case, Expectation, expect, expect_none
from healthcloud.conformance.seen import FAMILY_C, OWN
from healthcloud.conformance.stage import Stage

SKEW_SECONDS = 600
_UNAVAILABLE = 503


async def sent_later(stage: Stage) -> Sequence[Expectation]:
    """Judge whether what the city could not take comes when it can."""
    person = stage.person("no-card", 5)
    async with stage.switched(down=True):
        down = await stage.act("open-card", person=person)
    later = await stage.act("send-kept")
    turned_away = [one for one in down.seen if one.status == _UNAVAILABLE]
    return [
        expect("停机时有请求", "a request while the city was down", turned_away),
        expect("恢复后补发", "sent after it came back", later.done("register", number=person["id_number"])),
        expect("平台发出了卡", "a card given", later.done("card")),
    ]


async def replay(stage: Stage) -> Sequence[Expectation]:
    """Judge a replay, and whether the hospital goes on after it."""
    person = stage.person("no-card", 6)
    acted = await stage.act("replay", person=person)
    after = await stage.act("open-card", person=person)
    refused = [one for one in acted.seen if one.code == REPLAYED]
    return [
        expect("重放的请求被拒绝", "the replay refused", refused),
        expect("此后能继续", "it goes on afterwards", after.done("card")),
    ]


async def skew(stage: Stage) -> Sequence[Expectation]:
    """Judge a clock that is off, and whether the hospital goes on after it."""
    person = stage.person("no-card", 7)
    acted = await stage.act("skewed-clock", person=person, seconds=SKEW_SECONDS)
    after = await stage.act("open-card", person=person)
    refused = [one for one in acted.seen if one.code == CLOCK]
    return [
        expect("时钟偏差的请求被拒绝", "a request of a wrong clock refused", refused),
        expect("校时后能继续", "it goes on with the right time", after.done("card")),
    ]


async def answer_signature(stage: Stage) -> Sequence[Expectation]:
    """Judge whether the hospital goes on after an answer that is not signed rightly."""
    patient = await stage.patient(stage.person("no-card", 1))
    async with stage.switched(wrong_signature=True):
        acted = await stage.act("register", patient=patient)
    return [
        expect("平台收到了请求", "the city was called", acted.seen),
        expect_none("应答签名不符后不再继续", "nothing more after a wrongly signed answer", acted.seen[1:]),
    ]


CASES = (
    Case("down.sent-later", "down", "平台停机时留存、恢复后补发", "Keep while it is down, send later", sent_later),
    Case(
        *("replay.refused", "replay", "重放被拒绝且不影响后续", "A replay is refused and hinders nothing", replay),
        faces=(OWN,),
    ),
    Case("skew.refused", "skew", "时钟偏差被拒绝且校时后恢复", "A wrong clock is refused, a right one goes on", skew),
    Case(
        *("answer.signature", "answer", "校验平台应答的签名", "Check the signature of answers", answer_signature),
        faces=(FAMILY_C,),
        needs=("open-card.first",),
    ),
)
