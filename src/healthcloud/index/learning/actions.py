"""Proposing a version of the model, and having one live."""

from msgspec.structs import replace

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.learning import store
from healthcloud.index.learning.errors import ModelChanged, ModelVersionLive, ModelVersionUnknown
from healthcloud.index.learning.model import SHIPPED, Measures, pack, pack_measures
from healthcloud.index.matching import Model
from healthcloud.index.model import MANAGE


async def propose_model(tx: Transaction, caller: Caller, model: Model, measures: Measures) -> int:
    """
    Keep learned weights as the next version (scope index.manage); return its number. Nothing is decided by it yet.

    Raises ModelChanged where another is proposed at the same moment.
    """
    caller.must(MANAGE)
    version = (await store.newest(tx) or SHIPPED) + 1
    packed = pack(replace(model, version=version))
    written = await store.add(
        tx, version, packed.data, packed.digest, pack_measures(measures), tx.clock.now(), caller.account_id
    )
    if not written:
        raise ModelChanged
    await audit.record(tx, caller, deeds.MODEL_PROPOSED, new_id(), detail={"version": version})
    return version


async def adopt_model(tx: Transaction, caller: Caller, version: int) -> None:
    """
    Decide by this version what arrives from now on (scope index.manage); any earlier one may come back.

    No record moves and no card is split: what was decided stays as decided, under the version it names.
    Raises ModelVersionUnknown, ModelVersionLive, ModelChanged.
    """
    caller.must(MANAGE)
    live = await store.live(tx)
    former = live.version if live else SHIPPED
    if former == version:
        raise ModelVersionLive
    now = tx.clock.now()
    if version != SHIPPED and await store.packed(tx, version) is None:
        raise ModelVersionUnknown
    if live and not await store.retire(tx, former, now, caller.account_id):
        raise ModelChanged
    if version != SHIPPED and not await store.adopt(tx, version, now, caller.account_id):
        raise ModelChanged
    await audit.record(tx, caller, deeds.MODEL_ADOPTED, new_id(), detail={"version": version, "former": former})
