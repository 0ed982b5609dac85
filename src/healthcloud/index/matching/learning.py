"""Learning weights without labels: expectation and maximisation over pairs, each of one person or of two."""

from collections import Counter
from collections.abc import Iterable
from math import log2

from healthcloud.index.matching.compare import FIELDS, LEVELS, compare
from healthcloud.index.matching.model import Features, Model, Weight

Pattern = tuple[str, ...]
Shares = dict[str, dict[str, float]]

_ROUNDS = 60
_LEAST = 1e-6
_MOST_BITS = 20.0


def learn(pairs: Iterable[tuple[Features, Features]], start: Model) -> Model:
    """Return `start` with the weights that explain these candidate pairs best; the same pairs give the same model."""
    counted: Counter[Pattern] = Counter(compare(one, other) for one, other in pairs)
    patterns = sorted(counted.items())
    m = {field: {level: weight.m for level, weight in levels.items()} for field, levels in start.weights.items()}
    u = {field: {level: weight.u for level, weight in levels.items()} for field, levels in start.weights.items()}
    share = 0.1
    for _ in range(_ROUNDS):
        chances = [_chance(pattern, m, u, share) for pattern, _ in patterns]
        m = _shares(patterns, chances)
        u = _shares(patterns, [1 - chance for chance in chances])
        together = sum(count * chance for (_, count), chance in zip(patterns, chances, strict=True))
        share = together / sum(counted.values())
    weights = {
        field: {level: weigh(m[field][level], u[field][level], level) for level in levels}
        for field, levels in LEVELS.items()
    }
    return Model(
        version=start.version,
        weights=weights,
        surnames=start.surnames,
        given=start.given,
        rest_surname=start.rest_surname,
        rest_given=start.rest_given,
        usual_bits=start.usual_bits,
        link=start.link,
        review=start.review,
        link_names=start.link_names,
        link_births=start.link_births,
        needs_support=start.needs_support,
    )


def weigh(m: float, u: float, level: str) -> Weight:
    """Return a level's weight; what is missing says nothing."""
    bits = 0.0 if level == "missing" else max(-_MOST_BITS, min(_MOST_BITS, log2(m / u)))
    return Weight(round(m, 6), round(u, 6), round(bits, 2))


def _chance(pattern: Pattern, m: Shares, u: Shares, share: float) -> float:
    same, other = share, 1 - share
    for field, level in zip(FIELDS, pattern, strict=True):
        if level != "missing":
            same *= m[field][level]
            other *= u[field][level]
    return same / (same + other)


def _shares(patterns: list[tuple[Pattern, int]], chances: list[float]) -> Shares:
    """Return how often each level is seen, a little more than never."""
    seen: Shares = {field: dict.fromkeys(levels, 0.5) for field, levels in LEVELS.items()}
    for (pattern, count), chance in zip(patterns, chances, strict=True):
        for field, level in zip(FIELDS, pattern, strict=True):
            seen[field][level] += count * chance
    return {
        field: {level: max(_LEAST, sum_ / sum(levels.values())) for level, sum_ in levels.items()}
        for field, levels in seen.items()
    }
