"""
Learning without labels: how names are spread, and what each level weighs.

How often two persons agree (u) is counted of records taken at random; how often one person's records do (m) is found by
expectation and maximisation among candidates, each field where others, not it, made the pair a likely one. So members
of a household, who share phone and address, do not pass for one person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from math import log2

import msgspec

from healthcloud.index.matching.blocks import block_texts
from healthcloud.index.matching.compare import FIELDS, LEVELS, compare
from healthcloud.index.matching.decide import EQUAL_NAMES, name_bits
from healthcloud.index.matching.model import Features, Model, Weight

Pattern = tuple[str, ...]
Patterns = list[tuple[Pattern, int]]
Shares = dict[str, dict[str, float]]

_ROUNDS = 50
_FIRST_SHARE, _FIRST_SAME = 0.2, 0.9  # where the search begins
_SMOOTHING = 0.5  # of a pair, so that what was never seen is not impossible
_MOST_BITS = 12.0  # no single field decides
_MOST_NAMES = 400
_RANDOM_PAIRS_A_RECORD, _MOST_RANDOM_PAIRS = 40, 300_000
_FEWEST_SAME_NUMBERS = 100
_FEWEST_SEEN = 5
_NAME, _BIRTH, _NUMBER = FIELDS.index("name"), FIELDS.index("birth"), FIELDS.index("number")
_ALIKE_NAMES = EQUAL_NAMES | {"unreadable", "sound", "near-sound", "close"}


def learn(records: Sequence[Features], start: Model, *, sure: float = 0.9999, likely: float = 0.5) -> Model:
    """
    Return `start` with the weights of these records, and limits at these chances of one person.

    No label is used; of `start` stays what people decide: its version and when the machine may join. The order of
    records does not matter. A level hardly ever seen weighs nothing. Raise ValueError where no two records are alike.
    """
    ordered = sorted(records, key=lambda one: sha256(msgspec.json.encode(one.content)).digest())
    named = learn_names(ordered, start)
    patterns = _counted(candidate_pairs(ordered, named))
    if not patterns:
        raise ValueError("there is nothing to learn from: no two records share a block")
    u = _at_random(ordered)
    m = _of_candidates(patterns, u)
    seen = _seen(patterns)
    weights = {
        field: {
            level: weigh(
                m[field][level], u[field][level], says=level != "missing" and seen[field, level] >= _FEWEST_SEEN
            )
            for level in levels
        }
        for field, levels in LEVELS.items()
    }
    learned = msgspec.structs.replace(named, weights=weights)
    prior = _prior(patterns, learned, len(ordered))
    link, review = (round(log2(chance / (1 - chance)) - prior, 2) for chance in (sure, likely))
    return msgspec.structs.replace(learned, link=link, review=review)


def _counted(pairs: Iterable[tuple[Features, Features]]) -> Patterns:
    counted: Counter[Pattern] = Counter(compare(one, other) for one, other in pairs)
    return sorted(counted.items())


def _seen(patterns: Patterns) -> Counter[tuple[str, str]]:
    seen: Counter[tuple[str, str]] = Counter()
    for pattern, count in patterns:
        for field, level in zip(FIELDS, pattern, strict=True):
            seen[field, level] += count
    return seen


def _at_random(records: Sequence[Features]) -> Shares:
    """Count levels of pairs that have nothing to do with each other: neighbours in an order by digests."""
    ordered = list({one.content: one for one in records}.values())  # the same twice would be neighbours
    count = len(ordered)
    distances = range(1, 1 + min(_RANDOM_PAIRS_A_RECORD, _MOST_RANDOM_PAIRS // count, count - 1))
    pairs = ((ordered[place], ordered[(place + step) % count]) for step in distances for place in range(count))
    patterns = _counted(pairs)
    return _shares(patterns, [1.0] * len(patterns))


def _of_candidates(patterns: Patterns, u: Shares) -> Shares:
    """Return m: of all fields but the name where names are alike, of the name where the number or birth date is."""
    first = {
        field: dict.fromkeys(levels, (1 - _FIRST_SAME) / len(levels)) | {"same": _FIRST_SAME}
        for field, levels in LEVELS.items()
    }
    others = _maximise([one for one in patterns if one[0][_NAME] in _ALIKE_NAMES], FIELDS[1:], first, u)
    numbered = [one for one in patterns if one[0][_NUMBER] == "same"]
    if sum(count for _, count in numbered) >= _FEWEST_SAME_NUMBERS:
        names = _maximise(numbered, ("name", "birth", "sex"), first, u)
    else:
        born = [one for one in patterns if one[0][_BIRTH] == "same"]
        names = _maximise(born, ("name", "sex", "phone", "address"), first, u)
    return others | {"name": names["name"]}


def _maximise(patterns: Patterns, fields: Sequence[str], first: Shares, u: Shares) -> Shares:
    """Find the m under which these pairs are likeliest, u standing."""
    places = [(FIELDS.index(field), field) for field in fields]
    m, share = first, _FIRST_SHARE
    total = sum(count for _, count in patterns)
    for _ in range(_ROUNDS):
        chances = []
        for pattern, _ in patterns:
            same, other = share, 1 - share
            for place, field in places:
                if pattern[place] != "missing":
                    same *= m[field][pattern[place]]
                    other *= u[field][pattern[place]]
            chances.append(same / (same + other))
        m = _shares(patterns, chances)
        share = sum(count * chance for (_, count), chance in zip(patterns, chances, strict=True)) / total
    return m


def _prior(patterns: Patterns, model: Model, records: int) -> float:
    """Return log2 of the odds that two records taken at random are one person's."""
    weights = [
        (sum(model.weights[field][level].bits for field, level in zip(FIELDS, pattern, strict=True)), count)
        for pattern, count in patterns
    ]
    pairs = records * (records - 1) / 2
    prior = -log2(records)
    for _ in range(_ROUNDS):
        found = sum(count / (1 + 2 ** -(bits + prior)) for bits, count in weights)
        prior = log2(found / (pairs - found))
    return prior


def learn_names(records: Sequence[Features], start: Model) -> Model:
    """Return `start` with the surnames and given characters these records have, and how rare two equal names are."""
    surnames = Counter(features.surname for features in records)
    given = Counter(part for features in records for part in (features.given if features.is_han else features.sounds))
    model = msgspec.structs.replace(
        start,
        surnames=_listed(surnames),
        given=_listed(given),
        rest_surname=_rest(surnames),
        rest_given=_rest(given),
    )
    equal = sum(2 ** -name_bits(features, model) for features in records) / len(records)
    return msgspec.structs.replace(model, usual_bits=round(-log2(equal), 2))


def candidate_pairs(records: Sequence[Features], model: Model) -> Iterator[tuple[Features, Features]]:
    """Yield each pair of records that share a block once."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, features in enumerate(records):
        texts = block_texts(features, model)
        before = sorted({earlier for text in texts for earlier in blocks[text]})
        yield from ((records[earlier], features) for earlier in before)
        for text in texts:
            blocks[text].append(place)


def weigh(m: float, u: float, *, says: bool) -> Weight:
    """Return a level's weight, within bounds; one that says nothing weighs nothing."""
    bits = max(-_MOST_BITS, min(_MOST_BITS, log2(m / u))) if says else 0.0
    return Weight(round(m, 7), round(u, 7), round(bits, 2))


def _shares(patterns: Patterns, chances: Sequence[float]) -> Shares:
    """Return how often each level is seen where there is anything to compare."""
    seen: Shares = {field: dict.fromkeys(levels, _SMOOTHING) for field, levels in LEVELS.items()}
    for (pattern, count), chance in zip(patterns, chances, strict=True):
        for field, level in zip(FIELDS, pattern, strict=True):
            seen[field][level] += count * chance
    shares: Shares = {}
    for field, levels in seen.items():
        there = sum(levels.values()) - levels["missing"]
        shares[field] = {level: often / there for level, often in levels.items()}
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
