"""The statement about former versions."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read


class VersionRow(NamedTuple):
    """A former version as stored."""

    version: int
    content_sealed: bytes
    received_at: datetime


async def former_versions(read: Read, record_id: UUID) -> list[VersionRow]:
    """Return the former versions of a record, the newest first."""
    return await read.all(
        VersionRow,
        """
        SELECT version, content_sealed, received_at
          FROM index.record_versions
         WHERE record_id = $1
         ORDER BY version DESC
         LIMIT 500
        """,
        record_id,
    )
