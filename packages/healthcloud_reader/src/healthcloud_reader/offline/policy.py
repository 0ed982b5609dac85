"""
What happens when the lists are old: one pure function, so that it is a decision and not an accident.

Times are Unix seconds. tests/reader/test_policy.py is its table.
"""

from dataclasses import dataclass, field

from healthcloud_reader.offline.words import Caution, Refusal

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """
    What the city asks of readers, told in the trust list.

    Up to `fresh_minutes` a revocation list is fresh, up to `stale_minutes` it is stale and said to be; beyond, codes
    are refused except in `beyond_scenes`, where turning a person away would do more harm than a stopped card.
    """

    fresh_minutes: int = 24 * 60
    stale_minutes: int = 72 * 60
    beyond_scenes: frozenset[str] = field(default_factory=frozenset)
    window_steps: int = 1

    def __post_init__(self) -> None:
        """Keep a list from asking for what no reader should do."""
        object.__setattr__(self, "window_steps", min(max(self.window_steps, 0), 5))
        object.__setattr__(self, "stale_minutes", max(self.stale_minutes, self.fresh_minutes))


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether a genuine, live, unrevoked code may be taken on lists of this age, and what must be said with it."""

    refusal: Refusal | None = None
    cautions: tuple[Caution, ...] = ()


def leave_for(policy: Policy, now: float, trust_expires_at: float, list_issued_at: float | None, scene: str) -> Leave:
    """
    Decide by the age of the lists alone.

    An expired trust list, a revocation list beyond its staleness or none at all: refused, except in an emergency
    scene, where each is a caution on the screen and with the use.
    """
    found: list[tuple[Refusal | None, Caution]] = []
    if now >= trust_expires_at:
        found.append((Refusal.TRUST_EXPIRED, Caution.TRUST_EXPIRED))
    if list_issued_at is None:
        found.append((Refusal.NO_LIST, Caution.NO_LIST))
    elif now - list_issued_at > policy.stale_minutes * _MINUTE:
        found.append((Refusal.LIST_TOO_OLD, Caution.LIST_TOO_OLD))
    elif now - list_issued_at > policy.fresh_minutes * _MINUTE:
        found.append((None, Caution.LIST_STALE))
    cautions = tuple(caution for _, caution in found)
    refusals = [refusal for refusal, _ in found if refusal is not None]
    if refusals and scene not in policy.beyond_scenes:
        return Leave(refusals[0], cautions)
    return Leave(None, cautions)
