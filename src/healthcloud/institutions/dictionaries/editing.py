"""Changing mappings: what is wrong with a wish, and what a set comes to; pure."""

from collections.abc import Iterable, Sequence

from healthcloud.core.errors import FieldFault
from healthcloud.institutions.dictionaries.model import Mapping, MappingWish, StandardSet
from healthcloud.institutions.dictionaries.spelling import LONGEST, fold

LONGEST_LABEL = 100
MOST_AT_ONCE = 2000


def wish_fault(wish: MappingWish, standard: StandardSet) -> tuple[str, str, str] | None:
    """Return where a wish is wrong and why, in both languages."""
    if not fold(wish.theirs) or len(wish.theirs) > LONGEST or not wish.theirs.isprintable():
        return "theirs", f"is empty or longer than {LONGEST}", f"为空或超过 {LONGEST} 个字符"
    if wish.ours not in standard.good:
        return "ours", "is not in the city's code set", "不在标准代码集中"
    if wish.label is not None and (len(wish.label) > LONGEST_LABEL or not wish.label.isprintable()):
        return "label", f"is longer than {LONGEST_LABEL}", f"超过 {LONGEST_LABEL} 个字符"
    return None


def faults_of(wishes: Sequence[MappingWish], standard: StandardSet) -> tuple[FieldFault, ...]:
    """Return what is wrong with each wish, and with two that contradict each other."""
    faults: list[FieldFault] = []
    seen: dict[str, str] = {}
    for place, wish in enumerate(wishes):
        wrong = wish_fault(wish, standard)
        if wrong is not None:
            name, en, zh = wrong
            faults.append(FieldFault(f"#/entries/{place}/{name}", en, zh))
        elif seen.setdefault(fold(wish.theirs), wish.ours) != wish.ours:
            faults.append(FieldFault(f"#/entries/{place}/theirs", "was mapped otherwise before", "前面已有不同的对照"))
    return tuple(faults)


def settle(set_name: str, held: Iterable[Mapping], wishes: Iterable[MappingWish]) -> list[Mapping]:
    """
    Return every mapping that changes, those that are no longer the answer first, so that one code has one answer.

    The last wish that asks to be the answer is; one that leaves it open is the answer where no other is.
    """
    before = {one.spelling: one for one in held}
    after = dict(before)
    for wish in wishes:
        spelling = fold(wish.theirs)
        now = after.get(spelling)
        others = [one for one in after.values() if one.ours == wish.ours and one.is_answer and one.spelling != spelling]
        keeps = now is not None and now.is_answer and now.ours == wish.ours
        answers = wish.is_answer if wish.is_answer is not None else keeps or not others
        if answers:
            for one in others:
                after[one.spelling] = Mapping(set_name, one.spelling, one.theirs, one.ours, one.label, is_answer=False)
        after[spelling] = Mapping(set_name, spelling, wish.theirs.strip(), wish.ours, wish.label, answers)
    changed = [one for spelling, one in after.items() if before.get(spelling) != one]
    return sorted(changed, key=lambda one: (one.is_answer, one.spelling))
