"""Which model is live, and which versions there are."""

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.index.learning import store
from healthcloud.index.learning.errors import ModelVersionUnknown
from healthcloud.index.learning.model import SHIPPED, Version, VersionState, unpack, unpack_measures
from healthcloud.index.matching import DEFAULT_MODEL, Model
from healthcloud.index.model import MANAGE

# Models by digest: a model never changes, so what a process has read stays right; few are ever live.
_READ: dict[bytes, Model] = {}


async def live_model(read: Read) -> Model:
    """Return the model that decides what arrives now; one small row is read, the model itself once a process."""
    live = await store.live(read)
    if live is None:
        return DEFAULT_MODEL
    if live.digest not in _READ:
        _READ[live.digest] = await model_of(read, live.version)
    return _READ[live.digest]


async def model_of(read: Read, version: int) -> Model:
    """Return a version's model; raise ModelVersionUnknown."""
    if version == SHIPPED:
        return DEFAULT_MODEL
    data = await store.packed(read, version)
    if data is None:
        raise ModelVersionUnknown
    return unpack(data)


async def model_versions(read: Read, caller: Caller) -> list[Version]:
    """Return all versions (scope index.manage), the newest first, the shipped one last."""
    caller.must(MANAGE)
    found = [
        Version(
            row.version,
            VersionState(row.state),
            unpack_measures(row.measures),
            row.proposed_at,
            row.proposed_by,
            row.adopted_at,
            row.adopted_by,
            row.retired_at,
            row.retired_by,
        )
        for row in await store.versions(read)
    ]
    another = any(one.state is VersionState.ADOPTED for one in found)
    return [*found, Version(SHIPPED, VersionState.RETIRED if another else VersionState.ADOPTED)]
