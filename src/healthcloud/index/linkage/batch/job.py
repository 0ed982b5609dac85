"""
What a batch is told, on standard input, and what it answers, on standard output.

A line of JSON (Job), then rows of little-endian signed 64-bit integers until the input ends: each row the values of
`columns` in order, 0 where a record says nothing. The answer is one JSON document (Found).
"""

import msgspec

ID_HIGH, ID_LOW, PERSON = "id_high", "id_low", "person"
ROW_COLUMNS = (ID_HIGH, ID_LOW, PERSON)  # a record's id in two halves, and a token of the person it is of


class Level(msgspec.Struct, frozen=True, array_like=True):
    """One level of a field: when it holds, as SQL over `x_l` and `x_r`, and its m and u as known so far."""

    name: str
    holds: str
    m: float
    u: float


class Comparison(msgspec.Struct, frozen=True, array_like=True):
    """One field: when it says nothing, its levels from the strictest on; the last one's `holds` is ELSE."""

    field: str
    missing: str
    levels: tuple[Level, ...]
    frequency: str = ""  # the column by whose frequency the first level weighs more or less
    rarest: float = 1.0  # no value counts as rarer than this share of its level's u


class Job(msgspec.Struct, frozen=True):
    """What to learn from and how."""

    columns: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...]  # records with the same in all columns of one of them are compared
    training: tuple[tuple[str, ...], ...]  # EM runs once in each; it learns of the fields that share no column with it
    certain: tuple[tuple[str, ...], ...]  # what hardly any two persons share: for how many pairs are of one person
    certain_recall: float
    sample: int  # records paired at random to learn u
    link: float  # from these odds on, log2, a pair counts as linked
    review: float  # the same, as worth a question
    most: int  # pairs answered, the heaviest first
    threads: int
    memory_mib: int
    master: str = ""  # of Spark


class Pair(msgspec.Struct, frozen=True, array_like=True):
    """Two records not yet of one person: their ids as 32 hexadecimal digits, and the odds that they are, log2."""

    one: str
    other: str
    weight: float


class Found(msgspec.Struct, frozen=True):
    """What came out; `weights` are m and u by field and level."""

    weights: dict[str, dict[str, tuple[float, float]]]
    prior: float  # the share of all possible pairs that are of one person
    records: int
    pairs: int
    links: int
    expected: float  # of the links, how many the weights themselves expect to be right
    both: int
    only_new: int
    only_live: int
    unlinked: tuple[Pair, ...]
    seconds: dict[str, float]
