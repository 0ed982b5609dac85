"""What a page says of a question: two sides beside each other, what speaks for what, what each answer does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from healthcloud import index
from healthcloud.core.consequences import Line as Follows
from healthcloud.web.console.comparing import SAME, Line, beside, signed, strength
from healthcloud.web.console.desk import Desk
from healthcloud.web.console.parts import Cell, Pairs, Row, Section, Table, at
from healthcloud.web.wording import Words

Kind, Verdict = index.questions.Kind, index.questions.Verdict
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIELDS = ("name", "sex", "birth", "number", "phone", "address", "ethnicity", "nationality")
SAID = ("name", "birth", "number", "phone", "address")


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer: its verdict, its key, its word, what it does, and whether it must say why."""

    verdict: str
    key: str
    label: str
    about: str
    kind: str = "quiet"
    effects: Sequence[str] = ()
    says_why: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as shown: what is asked, the two sides compared, what the whole weighs."""

    asks: str
    facts: Pairs
    columns: Sequence[str]
    lines: Sequence[Line]
    total: str
    warning: str = ""


class Sides:
    """The sides of an opened question by name: a letter each, said of a resident or of a record of nobody's."""

    def __init__(self, desk: Desk, opened: index.questions.Opened, sources: Mapping[UUID, str]) -> None:
        self._desk = desk
        self.opened = opened
        self.sources = sources
        self._places = {one.side.id: place for place, one in enumerate(opened.sides)}
        self.records = {record.id: record for one in opened.sides for record in one.records}

    def letter(self, side_id: UUID) -> str:
        """Return a side's letter."""
        place = self._places.get(side_id)
        return "?" if place is None else LETTERS[place % len(LETTERS)]

    def name(self, side_id: UUID) -> str:
        """Return what a side is called."""
        is_person = any(one.side.id == side_id and one.side.person_id for one in self.opened.sides)
        return self._desk.say("side.person" if is_person else "side.record", letter=self.letter(side_id))

    def source(self, source_id: UUID) -> str:
        """Return what a source is called."""
        return self._desk.say("city") if source_id == index.CITY else self.sources.get(source_id, "–")

    def among(self) -> list[index.questions.Comparison]:
        """Return the pairs of sides, those still to be judged first."""
        return sorted(self.opened.comparisons, key=lambda one: not one.is_open)


def values_of(words: Words, content: index.Content) -> dict[str, str]:
    """Return what a record says, by field, as people read it."""
    birth = content.birth_date.isoformat() if content.birth_date else content.birth_written
    return {
        "name": content.name or "",
        "sex": "" if content.sex == "0" else words(f"sex.{content.sex}") if f"sex.{content.sex}" in words else "",
        "birth": birth or "",
        "number": content.number or "",
        "phone": content.phone or "",
        "address": content.address or "",
        "ethnicity": content.ethnicity or "",
        "nationality": content.nationality or "",
    }


def label_of(words: Words, field: str) -> str:
    """Return a field's word."""
    known = f"index.field.{field}"
    return words(known if known in words else f"console-questions.field.{field}")


def shown(desk: Desk, sides: Sides, compared: index.questions.Comparison | None) -> Shown:
    """Return what is asked, and of the two sides compared each field with what it says."""
    question = sides.opened.question
    facts: list[tuple[str, Cell | str]] = [
        (desk.say("head.kind"), desk.say(f"kind.{question.kind}")),
        (desk.say("head.opened"), at(question.opened_at)),
        (desk.say("head.state"), desk.say(f"state.{question.state}")),
    ]
    is_closed = question.state == index.questions.QuestionState.CLOSED
    warning = desk.say("over") if is_closed else desk.say("taken") if sides.opened.claimed_by_another else ""
    asks = desk.say(f"asks.{question.kind}")
    if compared is None:
        return Shown(asks, facts, (), (), "", warning)
    decision = compared.decision
    facts.append((desk.say("head.rule"), rule_in_words(desk, decision.rule)))
    pair = [sides.records[one] for one in (compared.record_id, compared.other_record_id)]
    columns = [
        f"{sides.name(side_id)} · {sides.source(record.source_id)}"
        for side_id, record in zip((compared.one, compared.other), pair, strict=True)
    ]
    return Shown(asks, facts, columns, lines_of(desk, pair, decision), total_of(desk, decision), warning)


def total_of(desk: Desk, decision: index.Decision) -> str:
    """Return what all fields together say."""
    return desk.say("total", words=desk.say(f"weight.{strength(decision.weight)}"), bits=signed(decision.weight))


def rule_in_words(desk: Desk, rule: str) -> str:
    """Return a rule of the matching in words."""
    return _in_words(desk.words, f"index.rule.{rule}", rule)


def lines_of(desk: Desk, pair: Sequence[index.Record], decision: index.Decision) -> list[Line]:
    """Return two records field by field, with what each says."""
    parts = {part.field: part for part in decision.parts}
    said = [values_of(desk.words, one.content) for one in pair]
    lines = []
    for field in FIELDS:
        values, sign = beside([one[field] for one in said])
        if not any(values):
            continue
        part = parts.get(field)
        if part is None:
            lines.append(Line(label_of(desk.words, field), values, sign))
            continue
        level = _level(desk, sign, field, part.level)
        weight = desk.say(f"weight.{strength(part.weight)}")
        lines.append(Line(label_of(desk.words, field), values, sign, level, weight, signed(part.weight)))
    return lines


def _level(desk: Desk, sign: str, field: str, level: str) -> str:
    """Return how a field agrees where its sign does not say it already: what is written otherwise may be the same."""
    if level == sign:
        return ""
    if level == SAME:
        return desk.say("written-otherwise")
    return _in_words(desk.words, f"index.level.{field}.{level}", level)


def _in_words(words: Words, key: str, otherwise: str) -> str:
    return words(key) if key in words else otherwise


def sources_of(desk: Desk, sides: Sides) -> Section:
    """Return every record of every side, with who handed it in and when."""
    rows: list[Row] = []
    for one in sides.opened.sides:
        for record in one.records:
            said = values_of(desk.words, record.content)
            rows.append(
                (
                    sides.letter(one.side.id),
                    sides.source(record.source_id),
                    record.number,
                    *(said[field] for field in SAID),
                    at(record.received_at),
                )
            )
    named = [label_of(desk.words, field) for field in SAID]
    heads = [desk.say(f"record.{name}") for name in ("side", "source", "number")]
    heads += [*named, desk.say("record.since")]
    return Section(desk.say("record.title"), tables=[Table(desk.say("record.title"), heads, rows, "")])


def answers(desk: Desk, sides: Sides, compared: index.questions.Comparison) -> list[Answer]:
    """Return the three answers to two sides, each with what it does."""
    two = [one.side for one in sides.opened.sides if one.side.id in (compared.one, compared.other)]
    persons = [side for side in two if side.person_id is not None]
    loose = [sides.name(side.id) for side in two if side.person_id is None]
    if len(persons) > 1:
        same = [desk.say("effect.merge"), *follows(desk, sides, [side.id for side in persons])]
        about = desk.say("answer.two-people")
    elif persons:
        same = [desk.say("effect.joins", record=loose[0], person=sides.name(persons[0].id))]
        about = desk.say("answer.same-about")
    else:
        same, about = [desk.say("effect.together")], desk.say("answer.same-about")
    apart = [desk.say("effect.anew", record=one) for one in loose]
    return [
        Answer(Verdict.SAME, "1", desk.say("answer.same"), about, effects=same),
        Answer(Verdict.DIFFERENT, "2", desk.say("answer.different"), desk.say("answer.different-about"), effects=apart),
        Answer(Verdict.LATER, "3", desk.say("answer.later"), desk.say("answer.later-about"), says_why=False),
    ]


def follows(desk: Desk, sides: Sides, person_ids: Sequence[UUID]) -> list[str]:
    """Return what each person brings into a merge, in words: first, by itself, what people should stop at."""
    lines = [line for line in sides.opened.consequences if line.person_id in set(person_ids)]
    told = [_told(desk, sides, "effect.grave", one.person_id, [one]) for one in lines if one.grave]
    for person_id in person_ids:
        of = [one for one in lines if one.person_id == person_id and not one.grave]
        told += [_told(desk, sides, "effect.of", person_id, of)] if of else []
    return told


def _told(desk: Desk, sides: Sides, key: str, person_id: UUID, lines: Sequence[Follows]) -> str:
    told = desk.say("effect.and").join(desk.words(one.key, **one.facts) for one in lines)
    return desk.say(key, who=sides.name(person_id), told=told)
