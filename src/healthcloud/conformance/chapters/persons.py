"""Who gets a card: the first time, again, a newborn, a foreigner, twins; and setting right what was told."""

from collections.abc import Sequence

from healthcloud.conformance.model import Case, Expectation, NotRun, expect, expect_none
from healthcloud.conformance.seen import OWN, Seen
from healthcloud.conformance.stage import Stage

_PASSPORT = "03"
_PHONE = "16099990000"


async def first(stage: Stage) -> Sequence[Expectation]:
    """Judge the opening of a card."""
    person = stage.person("no-card", 1)
    acted = await stage.act("open-card", person=person)
    registered = acted.done("register", number=person["id_number"], kind=person["id_kind"])
    return [
        expect("以本人证件登记", "a registration by the person's own document", registered),
        expect("平台发出了卡", "a card given", _with_card(acted.done("card"))),
    ]


async def as_told(stage: Stage) -> Sequence[Expectation]:
    """Judge whether what the person says is what the city hears."""
    person = stage.person("minority")
    acted = await stage.act("open-card", person=person)
    told = acted.done("register", number=person["id_number"], ethnicity=person["ethnicity"])
    return [expect("民族为居民所述，不是默认值", "the ethnicity the person told, no default", told)]


async def once(stage: Stage) -> Sequence[Expectation]:
    """Judge whether each wish is sent one time."""
    acted = await stage.act("open-card", person=stage.person("no-card", 2))
    registered, cards = acted.of("register"), acted.of("card")
    return [
        expect("平台发出了卡", "a card given", _with_card(acted.done("card"))),
        expect_none("一次登记只发送一次", "one registration is sent once", registered[1:]),
        expect_none("一次申领只发送一次", "one application is sent once", cards[1:]),
    ]


async def foreigner(stage: Stage) -> Sequence[Expectation]:
    """Judge a card by passport."""
    person = stage.person("foreigner")
    acted = await stage.act("foreigner", person=person)
    told = acted.done("register", number=person["id_number"], kind=_PASSPORT, nationality=person["nationality"])
    return [
        expect("以护照和国籍登记", "a registration by passport and nationality", told),
        expect("平台发出了卡", "a card given", _with_card(acted.done("card"))),
    ]


async def twins(stage: Stage) -> Sequence[Expectation]:
    """Judge whether two who are much alike are two."""
    both = [stage.person("twin-a"), stage.person("twin-b")]
    acted = await stage.act("twins", persons=both)
    cards = {one.facts["card"]: one for one in _with_card(acted.done("card"))}
    told = [acted.done("register", number=one["id_number"]) for one in both]
    return [
        expect("甲以自己的证件登记", "the one registered by their own document", told[0]),
        expect("乙以自己的证件登记", "the other registered by their own document", told[1]),
        expect("两人各有一张卡", "a card for each", list(cards.values())[1:]),
    ]


async def newborn(stage: Stage) -> Sequence[Expectation]:
    """Judge whether a child without a number has a card of its own."""
    child = stage.person("newborn")
    mother = next((one for one in stage.citizens if one.name == child["mother"]), None)
    if mother is None:
        raise NotRun("沙箱中没有新生儿的母亲。", "The sandbox lacks the newborn's mother.")
    hers = await stage.act("open-card", person=stage.person("no-card", _place(stage, mother.number)))
    number = str((hers.told.get("result") or {}).get("patient", ""))
    acted = await stage.act("newborn", mother=number, sex=child["sex"], birth_date=stage.today(), order=1)
    cards = {one.facts["card"] for one in _with_card(hers.done("card"))}
    own = [one for one in _with_card(acted.done("card")) if one.facts["card"] not in cards]
    born = [one for one in acted.done("register") if one.facts.get("mother")]
    return [
        expect("以母亲登记的新生儿", "a registration as a newborn of its mother", born),
        expect("新生儿有自己的卡", "a card of its own", own),
    ]


async def corrected(stage: Stage) -> Sequence[Expectation]:
    """Judge whether a correction changes what is there instead of making anew."""
    patient = await stage.patient(stage.person("no-card", 1))
    acted = await stage.act("correct", patient=patient, phone=_PHONE)
    return [
        expect("更正以信息变更送达", "the correction sent as a correction", acted.done("correct", phone=_PHONE)),
        expect_none("没有为更正重新申领", "no new application for a correction", acted.of("card")),
    ]


def _with_card(found: list[Seen]) -> list[Seen]:
    return [one for one in found if one.facts.get("card")]


def _place(stage: Stage, number: int) -> int:
    return [one.number for one in stage.citizens if one.why == "no-card"].index(number)


CASES = (
    Case("open-card.first", "open-card", "为没有卡的居民开卡", "Open a card for somebody without one", first),
    Case("open-card.as-told", "open-card", "如实传递居民信息", "Send what the person told", as_told),
    Case("open-card.once", "open-card", "一次操作只发送一次", "Send one wish once", once),
    Case("foreigner.passport", "foreigner", "外国人以护照开卡", "Open a card for a foreigner by passport", foreigner),
    Case("twins.apart", "twins", "双胞胎各有一张卡", "Twins have a card each", twins),
    Case(
        *("newborn.own-card", "newborn", "新生儿有自己的卡", "A newborn has a card of its own", newborn),
        faces=(OWN,),
    ),
    Case(
        *("correct.same-card", "correct", "更正信息不换卡", "A correction keeps the card", corrected),
        needs=("open-card.first",),
    ),
)
