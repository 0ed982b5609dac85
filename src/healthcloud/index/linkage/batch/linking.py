"""
The batch itself: u from pairs at random, m by EM in blocks, then every pair of the blocks under these weights.

It knows tokens only. The same for every engine: what is taken at random is taken by position, so that two engines see
the same; nothing is sampled by an engine's own hash.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray
from splink import Linker, SettingsCreator, block_on
from splink.internals.database_api import DatabaseAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from healthcloud.index.linkage.batch.job import ID_HIGH, ID_LOW, PERSON, Comparison, Found, Job, Pair

Numbers: TypeAlias = NDArray[np.int64]
Weights: TypeAlias = dict[str, dict[str, tuple[float, float]]]
ROW = "row"
ALL_PAIRS = 1e18
PAIRS_AT_ONCE = 4_000_000  # in memory, with all they are compared by
_READ_AT_ONCE = 1 << 24


@dataclass(frozen=True, slots=True)
class Engine:
    """Where splink works: each `open` is a place of its own, with nothing of the others in it."""

    open: Callable[[], DatabaseAPI[Any]]
    count: Callable[[SplinkDataFrame], int]


def run(prepare: Callable[[Job], Engine]) -> None:
    """Read a job and its rows, do it, answer."""
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    rows = _read_rows(len(job.columns))
    found = link(prepare(job), job, rows)
    sys.stdout.buffer.write(msgspec.json.encode(found))


def _read_rows(width: int) -> Numbers:
    parts = bytearray()
    while part := sys.stdin.buffer.read(_READ_AT_ONCE):
        parts += part
    return np.frombuffer(parts, dtype="<i8").reshape(-1, width)


def link(engine: Engine, job: Job, rows: Numbers) -> Found:
    """Learn, compare and measure."""
    watch = _Watch()
    names = {name: place for place, name in enumerate(job.columns)}
    known = {one.field: {level.name: (level.m, level.u) for level in one.levels} for one in job.comparisons}
    weights = _learn_u(engine.open(), job, _table(job, _spread(rows, job.sample)), known)
    watch.lap("u")
    whole = engine.open()
    linker = Linker(whole.register(_table(job, rows)), _settings(job, weights), log_level=None)
    weights, prior = _learn_m(linker, job)
    watch.lap("m")
    pairs = engine.count(linker.inference.compute_blocked_pairs_for_predict_chunk((1, 1), (1, 1)))
    predicted = linker.inference.predict(threshold_match_weight=job.review, warning_mode="never")
    table: pa.Table = predicted.as_pyarrow_table()  # type: ignore[no-untyped-call]  # splink's own
    ones, others = (table[f"{ROW}_{side}"].to_numpy().astype(np.int64) for side in "lr")
    bits = table["match_weight"].to_numpy()
    watch.lap("pairs")
    persons = rows[:, names[PERSON]]
    same = (persons[ones] == persons[others]) & (persons[ones] != 0)
    linked = bits >= job.link
    both = int(np.count_nonzero(linked & same))
    return Found(
        weights=weights,
        prior=prior,
        records=len(rows),
        pairs=pairs,
        links=int(np.count_nonzero(linked)),
        expected=float(table["match_probability"].to_numpy()[linked].sum()),
        both=both,
        only_new=int(np.count_nonzero(linked & ~same)),
        only_live=_pairs_of_one(persons) - both,
        unlinked=_heaviest(job, rows[:, [names[ID_HIGH], names[ID_LOW]]], ones[~same], others[~same], bits[~same]),
        seconds=watch.laps,
    )


def _spread(rows: Numbers, count: int) -> Numbers:
    """Return about so many rows, as far apart as can be: neighbours came in together and are alike."""
    return rows[:: max(1, len(rows) // max(count, 1))][:count]


def _table(job: Job, rows: Numbers) -> pa.Table:
    columns = {ROW: pa.array(np.arange(len(rows)))}
    for place, name in enumerate(job.columns):
        if name not in (ID_HIGH, ID_LOW):
            values = np.ascontiguousarray(rows[:, place])
            columns[name] = pa.array(values, mask=values == 0)
    return pa.table(columns)


def _learn_u(api: DatabaseAPI[Any], job: Job, sample: pa.Table, known: Weights) -> Weights:
    linker = Linker(api.register(sample), _settings(job, known), log_level=None)
    chunks = max(1, sample.num_rows**2 // 2 // PAIRS_AT_ONCE)
    linker.training.estimate_u_using_random_sampling(max_pairs=ALL_PAIRS, min_count_per_level=None, num_chunks=chunks)
    return _weights(linker, job)


def _learn_m(linker: Linker, job: Job) -> tuple[Weights, float]:
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on(*columns) for columns in job.certain], recall=job.certain_recall
    )
    prior = float(linker.misc.save_model_to_json()["probability_two_random_records_match"])
    if not 0 < prior < 1:
        message = "no two records are evidently of one person: there is nothing to learn from"
        raise ValueError(message)
    for columns in job.training:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), estimate_without_term_frequencies=True
        )
    return _weights(linker, job), prior


def _weights(linker: Linker, job: Job) -> Weights:
    """Return the weights as they stand; where splink saw nothing of a level, those it began with."""
    stored = linker.misc.save_model_to_json()["comparisons"]
    found: Weights = {}
    for comparison, told in zip(job.comparisons, stored, strict=True):
        levels = [level for level in told["comparison_levels"] if not level.get("is_null_level")]
        found[comparison.field] = {
            level.name: (_number(one.get("m_probability"), level.m), _number(one.get("u_probability"), level.u))
            for level, one in zip(comparison.levels, levels, strict=True)
        }
    return found


def _number(told: object, otherwise: float) -> float:
    return told if isinstance(told, float) and told > 0 else otherwise


def _settings(job: Job, weights: Weights) -> SettingsCreator:
    return SettingsCreator.from_path_or_dict(
        {
            "link_type": "dedupe_only",
            "unique_id_column_name": ROW,
            "comparisons": [_comparison(one, weights[one.field]) for one in job.comparisons],
            "blocking_rules_to_generate_predictions": [block_on(*columns) for columns in (*job.blocks, (PERSON,))],
            "retain_matching_columns": False,
            "retain_intermediate_calculation_columns": False,
        }
    )


def _comparison(comparison: Comparison, weights: dict[str, tuple[float, float]]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [{"sql_condition": comparison.missing, "is_null_level": True}]
    for level in comparison.levels:
        m, u = weights[level.name]
        levels.append(
            {
                "sql_condition": level.holds,
                "label_for_charts": level.name,
                "m_probability": m,
                "u_probability": u,
            }
        )
    if comparison.frequency:
        first = levels[1]
        first["tf_adjustment_column"] = comparison.frequency
        first["tf_minimum_u_value"] = first["u_probability"] * comparison.rarest
    return {"output_column_name": comparison.field, "comparison_levels": levels}


def _pairs_of_one(persons: Numbers) -> int:
    """Count the pairs of records that are of one person."""
    counts = np.unique(persons[persons != 0], return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def _heaviest(job: Job, ids: Numbers, ones: Numbers, others: Numbers, bits: NDArray[np.float64]) -> tuple[Pair, ...]:
    found = []
    for one, other, weight in zip(ones, others, bits, strict=True):
        first, second = sorted((_hex(ids[one]), _hex(ids[other])))
        found.append(Pair(first, second, round(float(weight), 6)))
    return tuple(sorted(found, key=lambda pair: (-pair.weight, pair.one, pair.other))[: job.most])


def _hex(halves: Numbers) -> str:
    return "".join(f"{int(half) & 0xFFFFFFFFFFFFFFFF:016x}" for half in halves)


class _Watch:
    """Tells how long each part took."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._at = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name] = round(now - self._at, 2)
        self._at = now
