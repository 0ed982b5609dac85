"""The job after a promotion of the key: contents of visits and of their former versions are sealed anew."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.db import Transaction
from healthcloud.encounters.model import CONTENT, sealed_for
from healthcloud.encounters.rotation import store

KIND = "encounters.reseal"
CHUNK = 200
_FIRST = UUID(int=0)


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have visits follow their key; call it after a promotion, before the old key is retired."""
    for what in ("encounters", "versions"):
        await enqueue(tx, KIND, {"what": what}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Seal the next of these again whose key is not the current one."""
    after, version, done = UUID(str(body.get("after", _FIRST))), int(body.get("version", -1)), int(body.get("done", 0))
    if body["what"] == "versions":
        rows = await store.versions_after(tx, after, version, CHUNK)
    else:
        rows = await store.encounters_after(tx, after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(CONTENT, row.sealed)]
    if old:
        places = [sealed_for(row.encounter_id, row.version) for row in old]
        new = [
            tx.vault.seal(CONTENT, place, tx.vault.open(CONTENT, place, row.sealed))
            for place, row in zip(places, old, strict=True)
        ]
        write = store.reseal_versions if body["what"] == "versions" else store.reseal_encounters
        await write(tx, [row.encounter_id for row in old], [row.version for row in old], new)
    if len(rows) < CHUNK:
        return None
    done += len(rows)
    last = rows[-1]
    return Progress(
        {"what": body["what"], "after": str(last.encounter_id), "version": last.version, "done": done}, done
    )


KINDS = (JobKind(KIND, reseal, batch=1),)
