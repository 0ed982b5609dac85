"""What each figure is: name, unit, numerator, denominator, source and what is left out, in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from healthcloud.figures.model import FORMULA, Figure


@dataclass(frozen=True, slots=True)
class Told:
    """The same in both languages."""

    zh: str
    en: str


class Span(StrEnum):
    """Over what time a figure is counted."""

    TODAY = "today"  # since midnight in Shanghai
    SINCE_BEGINNING = "since-beginning"
    NOW = "now"  # a stock
    TWELVE_MONTHS = "twelve-months"  # this calendar month and the eleven before


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure; `of_city` ones have no meaning for a single institution. A rate has a denominator."""

    code: str
    figure: Figure
    span: Span
    name: Told
    unit: Told
    numerator: Told
    source: Told
    exclusions: Told
    denominator: Told | None = None
    of_city: bool = False
    formula: int = FORMULA


_CARDS, _TIMES, _PERSONS, _RATE = (
    Told("张", "cards"),
    Told("次", "times"),
    Told("人", "persons"),
    Told("%", "%"),
)
_CHAIN = Told("审计链中的卡业务记录，逐条计入一次", "Deeds about cards in the audit chain, each counted once")
_USES = Told("用卡记录，按封存批次逐批计入一次", "Rows of card uses, each sealed batch counted once")

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        code="uses-today",
        figure=Figure.USES,
        span=Span.TODAY,
        name=Told("今日用卡", "Uses today"),
        unit=_TIMES,
        numerator=Told("今日零时起验码通过的用卡次数", "Scans taken since midnight"),
        source=_USES,
        exclusions=Told(
            "同一码在同一终端同一环节重复扫描只计一次；被拒绝的扫描不计；离线读取后补传的计入扫码当时",
            "The same code again at one terminal and step is one use; refused scans none; late ones count when scanned",
        ),
    ),
    Definition(
        code="cards-issued",
        figure=Figure.ISSUED,
        span=Span.SINCE_BEGINNING,
        name=Told("累计发卡", "Cards issued"),
        unit=_CARDS,
        numerator=Told("申领、激活和批量载入的卡数之和", "Cards issued, activated and loaded in bulk, together"),
        source=_CHAIN,
        exclusions=Told(
            "预制未激活的卡、注销后恢复的卡不重复计；机构只计在本机构发出的",
            "Prepared cards count once activated, restored ones not again; an institution's are those issued there",
        ),
    ),
    Definition(
        code="cards-normal",
        figure=Figure.STATUS,
        span=Span.NOW,
        name=Told("正常卡", "Cards in use"),
        unit=_CARDS,
        numerator=Told("状态为正常的卡数", "Cards whose status is normal"),
        source=_CHAIN,
        exclusions=Told(
            "挂失、注销、预制未激活的卡不计；作为别名的旧卡号不计；已到期的临时卡仍计，直至注销",
            "Frozen, cancelled and prepared cards, and aliases; a temporary card counts until it is cancelled",
        ),
        of_city=True,
    ),
    Definition(
        code="active-cards",
        figure=Figure.ACTIVE,
        span=Span.TWELVE_MONTHS,
        name=Told("活跃卡", "Active cards"),
        unit=_CARDS,
        numerator=Told(
            "本月及前十一个月内至少用过一次的卡数", "Cards used at least once this month or the eleven before"
        ),
        source=_USES,
        exclusions=Told(
            "按持卡人计，一人一卡；合并登记的人在合并前后各计一次；机构只计在本机构用过的",
            "Counted by holder, one card each; merged registrations count apart; an institution's are those used there",
        ),
    ),
    Definition(
        code="activation-rate",
        figure=Figure.ACTIVE,
        span=Span.TWELVE_MONTHS,
        name=Told("激活率", "Activation rate"),
        unit=_RATE,
        numerator=Told("活跃卡", "Active cards"),
        denominator=Told("累计发卡", "Cards issued"),
        source=Told("以上两项指标", "The two figures above"),
        exclusions=Told(
            "分母为零时不可计算，不显示为零；用过后又挂失或注销的卡两项都计",
            "Not computable where there is no card, never zero; a card frozen or cancelled since counts in both",
        ),
        of_city=True,
    ),
    Definition(
        code="institutions-using",
        figure=Figure.USES,
        span=Span.TODAY,
        name=Told("今日用卡机构占比", "Institutions using cards today"),
        unit=_RATE,
        numerator=Told("今日至少有一次用卡的机构数", "Institutions with at least one use today"),
        denominator=Told("已开业机构数", "Institutions that are open"),
        source=Told("用卡记录与机构登记", "Rows of card uses and the register of institutions"),
        exclusions=Told("已停业且今日无用卡的机构不计入分母", "Closed institutions, unless they used cards today"),
        of_city=True,
    ),
    Definition(
        code="persons-by-level",
        figure=Figure.LEVEL,
        span=Span.NOW,
        name=Told("实名登记人数", "Persons by verification level"),
        unit=_PERSONS,
        numerator=Told("各核验等级的登记人数", "Registrations at each level of verification"),
        source=Told("审计链中的身份登记与核验记录", "Deeds about registration and verification in the audit chain"),
        exclusions=Told(
            "已撤销的错误登记不计；合并登记各计一次；死亡登记仍计",
            "Withdrawn registrations; merged ones count apart, the deceased still count",
        ),
        of_city=True,
    ),
    Definition(
        code="card-changes-today",
        figure=Figure.CHANGES,
        span=Span.TODAY,
        name=Told("今日卡变更", "Card changes today"),
        unit=_TIMES,
        numerator=Told(
            "今日挂失、解挂、注销、恢复、收回和转正的次数",
            "Cards frozen, unfrozen, cancelled, restored, taken back and converted since midnight",
        ),
        source=_CHAIN,
        exclusions=Told(
            "发卡另计；机构只计在本机构办理的", "Issuing is a figure of its own; an institution's are those done there"
        ),
    ),
    Definition(
        code="refusals-today",
        figure=Figure.REFUSALS,
        span=Span.TODAY,
        name=Told("今日拒绝", "Refused scans today"),
        unit=_TIMES,
        numerator=Told("今日留痕的拒绝扫描，按原因", "Refused scans kept for their owners since midnight, by reason"),
        source=Told("审计链中的拒绝记录", "Refusals in the audit chain"),
        exclusions=Told(
            "伪造或无法识别的码不留痕；同卡、同因、同机构十分钟内只留一次",
            "Forged and unreadable codes; one is kept for each card, reason and institution in ten minutes",
        ),
    ),
)
BY_CODE = {one.code: one for one in DEFINITIONS}
