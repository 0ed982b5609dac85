"""
Deciding of two records: exact rules first, then Fellegi–Sunter weights, held down where weights alone would err.

What the machine may never join, however much else agrees: two different certain identity numbers (twins, namesakes,
numbers one digit apart), different sexes, names that do not agree or only sound alike, a name and a birth date with
nothing besides.
"""

from math import log2

from healthcloud.index.matching.compare import FIELDS, compare
from healthcloud.index.matching.model import Decision, Features, Model, Outcome, Part

SAME_NUMBER = "same-number"  # an equivalence: such records are bound together
SAME_NUMBER_DOUBT = "same-number-doubt"
BORROWED_NUMBER = "borrowed-number"
TWO_NUMBERS = "two-numbers"
OTHER_SEX = "other-sex"
OTHER_NAME = "other-name"
OTHER_BIRTH = "other-birth"
NAME_ALIKE = "name-alike"
NO_SUPPORT = "no-support"
WEIGHTS = "weights"
RULES = (
    SAME_NUMBER, SAME_NUMBER_DOUBT, BORROWED_NUMBER, TWO_NUMBERS, OTHER_SEX, OTHER_NAME, OTHER_BIRTH, NAME_ALIKE,
    NO_SUPPORT, WEIGHTS,
)  # fmt: skip

_ALIKE_BIRTHS = frozenset({"same", "lunar", "swapped", "digit", "placeholder", "day", "missing"})
_OTHER_NAMES = frozenset({"different", "surname", "given", "part"})
EQUAL_NAMES = frozenset({"same", "variant"})
_NUMBER, _PHONE, _ADDRESS = FIELDS.index("number"), FIELDS.index("phone"), FIELDS.index("address")
_SAME_PLACE = frozenset({"same", "house"})
_MOST_RARE_BITS = 6.0


def decide(one: Features, other: Features, model: Model) -> Decision:
    """Decide whether two records speak of one person; the same from both sides, about 20 µs."""
    levels = compare(one, other)
    parts = tuple(
        [Part(field, level, model.weights[field][level].bits) for field, level in zip(FIELDS, levels, strict=True)]
    )
    if levels[0] in EQUAL_NAMES:
        rare = parts[0].weight + rarity(one, model)
        parts = (Part("name", levels[0], round(rare, 2)), *parts[1:])
    weight = round(sum([part.weight for part in parts]), 2)
    outcome, rule = _outcome(levels, weight, model)
    return Decision(outcome, rule, weight, parts)


def rarity(features: Features, model: Model) -> float:
    """Return how much more (or less) two equal names of this kind weigh than names do in the mean, in bits."""
    return max(-_MOST_RARE_BITS, min(_MOST_RARE_BITS, name_bits(features, model) - model.usual_bits))


def name_bits(features: Features, model: Model) -> float:
    """Return how rare a name is: one of 2 to this power bears it, by its parts' frequencies."""
    parts = features.given if features.is_han else features.sounds
    share = model.surnames.get(features.surname, model.rest_surname) if features.surname else 1.0
    for part in parts:
        share *= model.given.get(part, model.rest_given)
    return -log2(share)


def _outcome(levels: tuple[str, ...], weight: float, model: Model) -> tuple[Outcome, str]:
    number = levels[2]
    if number == "same":
        return _same_number(levels, model)
    if number in {"near-valid", "two-valid"}:
        return _two_numbers(levels, weight, model), TWO_NUMBERS
    if weight < model.review:
        return Outcome.NONE, WEIGHTS
    ceiling = _ceiling(levels, model)
    if ceiling:
        return Outcome.REVIEW, ceiling
    return (Outcome.LINK if weight >= model.link else Outcome.REVIEW), WEIGHTS


def _same_number(levels: tuple[str, ...], model: Model) -> tuple[Outcome, str]:
    name, birth, _, sex = levels[:4]
    if name in model.link_names and (birth in _ALIKE_BIRTHS or birth in model.link_births) and sex != "different":
        return Outcome.LINK, SAME_NUMBER
    if name in _OTHER_NAMES and birth not in _ALIKE_BIRTHS:
        return Outcome.NONE, BORROWED_NUMBER
    return Outcome.REVIEW, SAME_NUMBER_DOUBT


def _two_numbers(levels: tuple[str, ...], weight: float, model: Model) -> Outcome:
    """Two certain numbers are two persons; one of them may be a relative's only where all else is one person's."""
    name, birth, _, sex, phone, address = levels
    one_persons = name in EQUAL_NAMES and birth == "same" and sex != "different"
    asked = one_persons and (phone == "same" or address in _SAME_PLACE)
    return Outcome.REVIEW if asked and weight >= model.review else Outcome.NONE


def _ceiling(levels: tuple[str, ...], model: Model) -> str | None:
    """Return the rule that leaves a pair to people however much it weighs."""
    if levels[3] == "different":
        return OTHER_SEX
    if levels[0] not in model.link_names:
        return OTHER_NAME
    if levels[1] not in model.link_births:
        return OTHER_BIRTH
    if not model.needs_support or levels[_NUMBER] == "written":
        return None
    if levels[0] not in EQUAL_NAMES:
        return NAME_ALIKE  # just the character that sounds alike or was lost may be what tells twins apart
    supported = levels[_NUMBER] == "near" or levels[_PHONE] == "same" or levels[_ADDRESS] in _SAME_PLACE
    return None if supported else NO_SUPPORT
