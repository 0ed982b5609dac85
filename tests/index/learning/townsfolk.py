"""Labelled records of two invented hospitals, ready to be compared and encoded."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from healthcloud.index import linkage
from healthcloud.index.matching import Features, Written, features_of, read_content
from healthcloud_simulators.hospital_files import TUNING_SEEDS, Row, files

TODAY = date(2026, 11, 23)
KEY = bytes(range(linkage.KEY_SIZE))


def rows_of(count: int, common: int, seed: int = TUNING_SEEDS[-1]) -> tuple[Row, ...]:
    return files(seed, count, common).rows


def written_of(row: Row) -> Written:
    told = asdict(row.written)
    return Written(**{name: told[name] for name in Written.__dataclass_fields__ if name in told})


def features(row: Row) -> Features:
    return features_of(read_content(written_of(row), TODAY))


def encoded(rows: tuple[Row, ...], *, placed: bool = True, key: bytes = KEY) -> bytes:
    """Return rows of tokens, the n-th record's id n; of the person their label says, or of nobody."""
    encoder = linkage.Encoder(key)
    return b"".join(
        encoder.row(UUID(int=n), UUID(int=row.person + 1) if placed else None, features(row)).tobytes()
        for n, row in enumerate(rows, 1)
    )
