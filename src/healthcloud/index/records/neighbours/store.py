"""Every statement about blocks and pairs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Block(NamedTuple):
    """By what a record is found."""

    key: int
    record_id: UUID
    key_number: int


class Neighbour(NamedTuple):
    """A record found by a key."""

    key: int
    record_id: UUID


class PairRow(NamedTuple):
    """What is decided of a record and another."""

    record_id: UUID
    other_id: UUID
    outcome: str
    rule: str
    weight: float
    human: str | None


class NewPair(NamedTuple):
    """What the machine decides of a pair, under one of its records."""

    record_id: UUID
    other_id: UUID
    outcome: str
    rule: str
    weight: float


async def add_blocks(tx: Transaction, blocks: Sequence[Block]) -> None:
    """Have records be found by these keys."""
    await tx.run(
        """
        INSERT INTO index.blocks (key, record_id, key_number)
        SELECT key, record_id, key_number
          FROM unnest($1::bigint[], $2::uuid[], $3::smallint[]) AS new (key, record_id, key_number)
         ORDER BY key, record_id
        ON CONFLICT (key, record_id) DO NOTHING
        """,
        *(list(column) for column in zip(*blocks, strict=True)),
    )


async def drop_blocks(tx: Transaction, blocks: Sequence[Block]) -> None:
    """Have records be found by these keys no more."""
    await tx.run(
        """
        DELETE FROM index.blocks AS b
         USING unnest($1::bigint[], $2::uuid[]) AS gone (key, record_id)
         WHERE b.key = gone.key AND b.record_id = gone.record_id
        """,
        [one.key for one in blocks],
        [one.record_id for one in blocks],
    )


async def neighbours(read: Read, keys: list[int], most: int) -> list[Neighbour]:
    """Return the records under these keys, at most so many each, the oldest: more of one block is an error of data."""
    return await read.all(
        Neighbour,
        """
        SELECT asked.key, found.record_id
          FROM unnest($1::bigint[]) AS asked (key)
         CROSS JOIN LATERAL (
               SELECT b.record_id FROM index.blocks AS b WHERE b.key = asked.key ORDER BY b.record_id LIMIT $2
               ) AS found
        """,
        keys,
        most,
    )


async def put_pairs(tx: Transaction, pairs: Sequence[NewPair], model: int, at: datetime) -> None:
    """Write what the machine decides of pairs, each under both of its records; what people said stays."""
    await tx.run(
        """
        INSERT INTO index.pairs AS p (record_id, other_id, outcome, rule, weight, model, decided_at)
        SELECT record_id, other_id, outcome, rule, weight, $1, $2
          FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::real[])
            AS new (record_id, other_id, outcome, rule, weight)
         ORDER BY record_id, other_id
        ON CONFLICT (record_id, other_id) DO UPDATE
           SET outcome = excluded.outcome, rule = excluded.rule, weight = excluded.weight, model = excluded.model,
               decided_at = excluded.decided_at
        """,
        model,
        at,
        *(list(column) for column in zip(*pairs, strict=True)),
    )


async def drop_pairs(tx: Transaction, record_ids: list[UUID]) -> list[UUID]:
    """Forget what the machine decided of these records; return the others of the pairs."""
    return await tx.values(
        UUID,
        "DELETE FROM index.pairs WHERE record_id = ANY ($1::uuid[]) AND human IS NULL RETURNING other_id",
        record_ids,
    )


async def drop_mirrors(tx: Transaction, record_ids: list[UUID], other_ids: list[UUID]) -> None:
    """Forget the same under the others."""
    await tx.run(
        """
        DELETE FROM index.pairs
         WHERE record_id = ANY ($1::uuid[]) AND other_id = ANY ($2::uuid[]) AND human IS NULL
        """,
        other_ids,
        record_ids,
    )


async def pairs_of(read: Read, record_ids: list[UUID]) -> list[PairRow]:
    """Return what is decided of these records and any other."""
    return await read.all(
        PairRow,
        """
        SELECT record_id, other_id, outcome, rule, weight, human
          FROM index.pairs
         WHERE record_id = ANY ($1::uuid[])
        """,
        record_ids,
    )
