"""SQL over all jobs."""

from healthcloud.core.background.model import QueueState
from healthcloud.core.db import Read


async def standing_states(read: Read, *, begun: bool) -> list[QueueState]:
    """Return how many jobs of each kind have been begun, or have not, and when the first of them is due."""
    return await read.all(
        QueueState,
        """
        SELECT kind AS queue, count(*) AS waiting, min(due_at) AS oldest_at
          FROM core.jobs
         WHERE (done IS NOT NULL OR (attempts > 0 AND last_error IS NULL)) = $1
         GROUP BY kind
         ORDER BY kind
        """,
        begun,
    )
