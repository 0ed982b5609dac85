"""The city's rule on printed codes: which second facts are taken at which step of treatment."""

from collections.abc import Sequence

from healthcloud import audit, institutions
from healthcloud.cards import deeds
from healthcloud.cards.verification import store
from healthcloud.cards.verification.errors import SceneUnknown
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

MANAGE = "cards.manage"
EVERY_OTHER = "*"


async def set_second_facts(tx: Transaction, caller: Caller, scene: str, facts: Sequence[str]) -> None:
    """Set the rule of a step, or of every other with `*`; raise SceneUnknown."""
    caller.must(MANAGE)
    plain = scene if scene == EVERY_OTHER else institutions.codes.plain_scene(scene)
    if plain != EVERY_OTHER and not await institutions.scene_exists(tx, plain):
        raise SceneUnknown
    await store.set_facts(tx, plain, sorted(set(facts)))
    detail = {"scene": plain, "facts": " ".join(sorted(set(facts)))}
    await audit.record(tx, caller, deeds.FACT_POLICY, new_id(), detail=detail)
