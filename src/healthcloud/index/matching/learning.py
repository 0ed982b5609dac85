"""Learning without labels: how names are spread, and by expectation and maximisation what each level weighs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2

import msgspec

from healthcloud.index.matching.blocks import block_texts
from healthcloud.index.matching.compare import FIELDS, LEVELS, compare
from healthcloud.index.matching.model import Features, Model, Weight

Pattern = tuple[str, ...]
Shares = dict[str, dict[str, float]]

_ROUNDS = 100
_FIRST_SHARE = 0.2
_SMOOTHING = 0.5  # of a pair, so that what was never seen is not impossible
_LEAST = 1e-7
_MOST_BITS = 20.0
_MOST_NAMES = 400


def learn(
    pairs: Iterable[tuple[Features, Features]], start: Model, *, sure: float = 0.9999, likely: float = 0.5
) -> Model:
    """
    Return `start` with the weights that explain candidate pairs best, and thresholds for these chances of one person.

    No label is used: each pair is of one person or of two, with the chance its levels give. The same pairs give the
    same model, in whatever order they come.
    """
    counted: Counter[Pattern] = Counter(compare(one, other) for one, other in pairs)
    patterns = sorted(counted.items())
    m = _of_model(start, "m")
    u = _of_model(start, "u")
    share = _FIRST_SHARE
    for _ in range(_ROUNDS):
        chances = [_chance(pattern, m, u, share) for pattern, _ in patterns]
        m = _shares(patterns, chances)
        u = _shares(patterns, [1 - chance for chance in chances])
        share = sum(count * chance for (_, count), chance in zip(patterns, chances, strict=True)) / counted.total()
    prior = log2(share / (1 - share))
    weights = {
        field: {level: weigh(m[field][level], u[field][level], level) for level in levels}
        for field, levels in LEVELS.items()
    }
    link, review = (round(log2(chance / (1 - chance)) - prior, 2) for chance in (sure, likely))
    return msgspec.structs.replace(start, weights=weights, link=link, review=review)


def learn_names(records: Iterable[Features], start: Model) -> Model:
    """Return `start` with the surnames and given characters these records have, and how rare two equal names are."""
    surnames: Counter[str] = Counter()
    given: Counter[str] = Counter()
    names: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for features in records:
        parts = tuple(features.given) if features.is_han else features.sounds
        surnames.update([features.surname])
        given.update(parts)
        names[features.surname, parts] += 1
    model = msgspec.structs.replace(
        start,
        surnames=_listed(surnames),
        given=_listed(given),
        rest_surname=_rest(surnames),
        rest_given=_rest(given),
    )
    bits = sum(count * _bits(model, surname, parts) for (surname, parts), count in names.items())
    return msgspec.structs.replace(model, usual_bits=round(bits / names.total(), 2))


def candidate_pairs(records: Sequence[Features], model: Model) -> Iterator[tuple[Features, Features]]:
    """Yield each pair of records that share a block once."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, features in enumerate(records):
        texts = block_texts(features, model)
        before = sorted({earlier for text in texts for earlier in blocks[text]})
        yield from ((records[earlier], features) for earlier in before)
        for text in texts:
            blocks[text].append(place)


def weigh(m: float, u: float, level: str) -> Weight:
    """Return a level's weight; what is missing says nothing."""
    bits = 0.0 if level == "missing" else max(-_MOST_BITS, min(_MOST_BITS, log2(m / u)))
    return Weight(round(m, 7), round(u, 7), round(bits, 2))


def _of_model(model: Model, which: str) -> Shares:
    return {
        field: {level: max(_LEAST, getattr(weight, which)) for level, weight in levels.items()}
        for field, levels in model.weights.items()
    }


def _chance(pattern: Pattern, m: Shares, u: Shares, share: float) -> float:
    same, other = share, 1 - share
    for field, level in zip(FIELDS, pattern, strict=True):
        if level != "missing":
            same *= m[field][level]
            other *= u[field][level]
    return same / (same + other)


def _shares(patterns: list[tuple[Pattern, int]], chances: list[float]) -> Shares:
    """Return how often each level is seen where there is anything to compare."""
    seen: Shares = {field: dict.fromkeys(levels, _SMOOTHING) for field, levels in LEVELS.items()}
    for (pattern, count), chance in zip(patterns, chances, strict=True):
        for field, level in zip(FIELDS, pattern, strict=True):
            seen[field][level] += count * chance
    shares: Shares = {}
    for field, levels in seen.items():
        there = sum(levels.values()) - levels["missing"]
        shares[field] = {level: max(_LEAST, often / there) for level, often in levels.items()}
    return shares


def _listed(counted: Counter[str]) -> dict[str, float]:
    """Return the shares of the most frequent, in a fixed order."""
    total = counted.total()
    first = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMES]
    return {name: round(count / total, 6) for name, count in first if count > 1}


def _rest(counted: Counter[str]) -> float:
    """Return the share of one that is not listed: of the rarest listed half, or of one seen once."""
    listed = _listed(counted)
    return round(min([*listed.values(), 1.0]) / 2 or 1 / max(1, counted.total()), 7)


def _bits(model: Model, surname: str, parts: tuple[str, ...]) -> float:
    bits = -log2(model.surnames.get(surname, model.rest_surname)) if surname else 0.0
    return bits - sum(log2(model.given.get(part, model.rest_given)) for part in parts)
