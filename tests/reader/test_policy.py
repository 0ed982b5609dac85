"""What happens when lists are old is a decision: this is its table."""

import pytest

from healthcloud_reader.offline import Caution, Policy, Refusal, age_in_words, leave_for

NOW = 1_800_000_000.0
HOUR = 3600
POLICY = Policy(beyond_scenes=frozenset({"emergency"}))
LATER, PAST = NOW + HOUR, NOW - 1


@pytest.mark.parametrize(
    ("age_hours", "trust_expires_at", "refusal", "cautions"),
    [
        (0, LATER, None, ()),
        (24, LATER, None, ()),
        (24.01, LATER, None, (Caution.LIST_STALE,)),
        (72, LATER, None, (Caution.LIST_STALE,)),
        (72.01, LATER, Refusal.LIST_TOO_OLD, (Caution.LIST_TOO_OLD,)),
        (24 * 30, LATER, Refusal.LIST_TOO_OLD, (Caution.LIST_TOO_OLD,)),
        (None, LATER, Refusal.NO_LIST, (Caution.NO_LIST,)),
        (0, PAST, Refusal.TRUST_EXPIRED, (Caution.TRUST_EXPIRED,)),
        (0, NOW, Refusal.TRUST_EXPIRED, (Caution.TRUST_EXPIRED,)),
        (48, PAST, Refusal.TRUST_EXPIRED, (Caution.TRUST_EXPIRED, Caution.LIST_STALE)),
        (100, PAST, Refusal.TRUST_EXPIRED, (Caution.TRUST_EXPIRED, Caution.LIST_TOO_OLD)),
        (None, PAST, Refusal.TRUST_EXPIRED, (Caution.TRUST_EXPIRED, Caution.NO_LIST)),
        (-1, LATER, None, ()),
    ],
)
def test_the_age_of_the_lists_decides(
    age_hours: float | None, trust_expires_at: float, refusal: Refusal | None, cautions: tuple[Caution, ...]
) -> None:
    issued_at = None if age_hours is None else NOW - age_hours * HOUR
    usual = leave_for(POLICY, NOW, trust_expires_at, issued_at, "registration")
    emergency = leave_for(POLICY, NOW, trust_expires_at, issued_at, "emergency")
    assert (usual.refusal, usual.cautions) == (refusal, cautions)
    assert (emergency.refusal, emergency.cautions) == (None, cautions)


def test_a_list_cannot_ask_for_what_no_reader_should_do() -> None:
    wide = Policy(fresh_minutes=100, stale_minutes=10, window_steps=600)
    assert (wide.stale_minutes, wide.window_steps) == (100, 5)
    assert Policy(window_steps=-3).window_steps == 0


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (None, "no list", "没有名单"),
        (-5, "less than a minute old", "1 分钟内"),
        (59, "less than a minute old", "1 分钟内"),
        (60, "1 minute old", "1 分钟前"),
        (3599, "59 minutes old", "59 分钟前"),
        (7200, "2 hours old", "2 小时前"),
        (200_000, "2 days old", "2 天前"),
    ],
)
def test_an_age_is_said_in_words(seconds: float | None, en: str, zh: str) -> None:
    assert age_in_words(seconds) == (en, zh)
