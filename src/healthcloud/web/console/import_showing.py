"""What the pages of imports say of one: where it stands, its numbers, how long it takes, what a trial found."""

from healthcloud import index
from healthcloud.core.wording import ENGLISH
from healthcloud.web.console.desk import Desk
from healthcloud.web.console.frame import IMPORTS
from healthcloud.web.console.parts import Cell, Row, Section, Table

ONE = "/{import_id:uuid}"
State = index.imports.State
# What changes without anybody at the page.
MOVING = frozenset({State.READING, State.TRYING, State.RUNNING})
_WAITING = frozenset({State.READ, State.MAPPED, State.TRIED, State.PAUSED})
_COUNTS = ("linked", "new", "review", "unchanged", "rejected")
_MINUTE, _HOUR = 60, 3600
_KIB, _MIB = 1 << 10, 1 << 20


def href(one: index.imports.Import, rest: str = "") -> str:
    """Return the address of an import."""
    return f"{IMPORTS.href}/{one.id}{rest}"


def state_of(desk: Desk, one: index.imports.Import) -> Cell:
    """Return where it stands, in words."""
    if one.forgotten_at is not None:
        return Cell(desk.say("step.forgotten"), tone="quiet")
    tone = "ok" if one.state == State.DONE else "danger" if one.state == State.FAILED else "quiet"
    return Cell(desk.say(f"step.{one.state}"), tone="warn" if one.state in _WAITING else tone)


def size_of(size: int) -> str:
    """Return a size as people read it."""
    return f"{-(-size // _KIB)} KB" if size < _MIB else f"{size / _MIB:.1f} MB".replace(".0 MB", " MB")


def left_of(desk: Desk, seconds: int | None) -> str:
    """Return how long it still takes, in words."""
    if seconds is None:
        return desk.say("left.unknown")
    if seconds < _MINUTE:
        return desk.say("left.seconds", n=seconds)
    if seconds < _HOUR:
        return desk.say("left.minutes", n=-(-seconds // _MINUTE))
    return desk.say("left.hours", n=f"{seconds / _HOUR:.1f}")


def numbers_of(desk: Desk, one: index.imports.Import) -> list[tuple[str, str]]:
    """Return an import's numbers: rows, what became of them, and while it runs its rate and the time left."""
    if not one.rows:
        return []
    numbers = [(desk.say("number.total"), f"{one.rows:,}")]
    if one.started_at is None:
        return numbers
    numbers += [(desk.say("number.done"), f"{one.done:,}")]
    numbers += [(desk.say(f"number.{name}"), f"{getattr(one, name):,}") for name in _COUNTS]
    if one.state == State.RUNNING:
        rate = "–" if one.rate is None else f"{one.rate:,.0f}"
        numbers += [(desk.say("number.rate"), rate), (desk.say("number.left"), left_of(desk, one.seconds_left))]
    return numbers


def told(desk: Desk, zh_en: tuple[str, str]) -> str:
    """Return the one of two sentences, Chinese and English, that is in the page's language."""
    return zh_en[1] if desk.words.language == ENGLISH else zh_en[0]


def trial_of(desk: Desk, one: index.imports.Import) -> list[Section]:
    """Return what the trial found; nothing before there is one."""
    found = one.findings
    if found is None:
        return []
    outcomes: list[Row] = [
        (desk.say(f"number.{name}"), f"{count:,}", _share(count, found.sampled), _lines(found.examples.get(name)))
        for name, count in found.outcomes.items()
    ]
    reasons: list[Row] = [
        (told(desk, found.titles.get(code, (code, code))), f"{count:,}", _lines(found.examples.get(code)))
        for code, count in sorted(found.reasons.items(), key=lambda each: (-each[1], each[0]))
    ]
    heads = [desk.say(f"trial.{name}") for name in ("outcome", "rows", "share", "examples")]
    sampled = Table(desk.say("trial.outcomes"), heads, outcomes, desk.say("trial.none"))
    refused = Table(desk.say("trial.reasons"), [heads[0], heads[1], heads[3]], reasons, desk.say("refused.none"))
    about = desk.say("trial.about", rows=f"{found.rows:,}", sampled=f"{found.sampled:,}")
    return [
        Section(desk.say("trial.title"), tables=[sampled], about=about),
        Section(desk.say("trial.reasons"), tables=[refused], about=desk.say("trial.refused", n=f"{found.rejected:,}")),
    ]


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else "–"


def _lines(lines: list[int] | None) -> str:
    return ", ".join(map(str, lines or ()))
