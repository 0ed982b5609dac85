"""From the live model to what a batch is told, and from what it found to the model it proposes; pure."""

from math import log2

from msgspec.structs import replace

from healthcloud.index.learning.model import Measures
from healthcloud.index.linkage import levels
from healthcloud.index.linkage.batch.job import Comparison, Found, Job, Level
from healthcloud.index.matching import Model, Weight

# Odds, log2, from which on two records are joined, and from which on people are asked: 1 in 16,384, and 1 to 4.
LINK_ODDS, REVIEW_ODDS = 14.0, -2.0
RAREST = 2.0**-6  # `matching.decide` lets no name weigh more than this beyond the mean
MOST_BITS = 24.0
LEAST_M, LEAST_U = 1e-5, 1e-8  # what a batch never saw may still happen
_FEWEST_ROWS, _MEBIBYTE = 1000, 1 << 20
_DIGITS = 9


def job_of(live: Model, *, sample: int, most: int, threads: int, memory_mib: int, master: str = "") -> Job:
    """Return what a batch is told: levels and blocks are the software's, weights to begin with the live model's."""
    return Job(
        columns=levels.COLUMNS,
        comparisons=tuple(
            Comparison(
                field,
                levels.MISSING[field],
                tuple(Level(name, holds, *_known(live, field, name)) for name, holds in told.items()),
                levels.FREQUENCY.get(field, ""),
                RAREST,
            )
            for field, told in levels.LEVELS.items()
        ),
        blocks=levels.BLOCKS,
        training=levels.TRAINING,
        certain=levels.CERTAIN_BLOCKS,
        certain_recall=levels.CERTAIN_RECALL,
        sample=sample,
        link=LINK_ODDS,
        review=REVIEW_ODDS,
        most=most,
        threads=threads,
        memory_mib=memory_mib,
        master=master,
    )


def _known(live: Model, field: str, level: str) -> tuple[float, float]:
    weight = live.weights[field][level]
    return weight.m, weight.u


def kept_levels(live: Model, found: Found) -> tuple[str, ...]:
    """Name the levels of which the batch saw nothing, or can tell nothing: their weights stay."""
    return tuple(
        f"{field}.{level}"
        for field, known in live.weights.items()
        for level in known
        if level != "missing"
        and found.weights[field].get(level, _known(live, field, level)) == _known(live, field, level)
    )


def proposed(live: Model, found: Found) -> Model:
    """
    Return the live model with the weights that were found, and limits at the same odds on their scale.

    splink's u is of two records at random, so weights are larger than those learned among candidates, and so are the
    limits: the odds to begin with are the prior's.
    """
    weights = {
        field: {
            level: _weigh(found.weights[field][level]) if level in found.weights[field] else weight
            for level, weight in known.items()
        }
        for field, known in live.weights.items()
    }
    prior = log2(found.prior / (1 - found.prior))
    equal = found.weights["name"]["same"][1] + found.weights["name"]["variant"][1]
    return replace(
        live,
        weights=weights,
        usual_bits=round(-log2(equal), 2),
        link=round(LINK_ODDS - prior, 2),
        review=round(REVIEW_ODDS - prior, 2),
    )


def _weigh(shares: tuple[float, float]) -> Weight:
    m, u = max(shares[0], LEAST_M), max(shares[1], LEAST_U)
    bits = max(-MOST_BITS, min(MOST_BITS, log2(m / u)))
    return Weight(round(m, _DIGITS), round(u, _DIGITS), round(bits, 2))


def measures_of(engine: str, live: Model, found: Found) -> Measures:
    """Return what is kept of a batch beside its model."""
    return Measures(
        engine=engine,
        records=found.records,
        pairs=found.pairs,
        links=found.links,
        expected_precision=round(found.expected / found.links, 6) if found.links else 0.0,
        both=found.both,
        only_new=found.only_new,
        only_live=found.only_live,
        kept=kept_levels(live, found),
    )
