"""The statement of the directory."""

from healthcloud.core.db import Read
from healthcloud.institutions.directory.model import Listed


async def every_open(read: Read) -> list[Listed]:
    """Return every open institution: some thousand rows of a city at most."""
    return await read.all(
        Listed,
        """
        SELECT id, name, short_name, class_code, level_code, district_code, address, phone, has_fever_clinic
          FROM institutions.institutions
         WHERE state = 'open'
        """,
    )
