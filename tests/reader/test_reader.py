"""A reader with no network believes what the city signed, within the minute, and loses no use it answered for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reader.phones import CARD, NOW, code_of, phone
from reader.town import AT, DAY, EMERGENCY, HOUR, Hands, Town, entry, opened, ready, set_up

from healthcloud_reader import ALL_VOID, Reason
from healthcloud_reader.offline import Answer, Caution, FolderBusy, FolderUnusable, Outcome, Reader, Refusal

PHONE = phone()
DYNAMIC = "AB" * 32 + ":0:" + "CD" * 16 + "::"


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def reader(tmp_path: Path, town: Town, hands: Hands) -> Iterator[Reader]:
    with ready(tmp_path, town, hands) as reader:
        yield reader


def code(town: Town, step: int = NOW, **stated: object) -> str:
    return code_of(town.keys[0], PHONE, step, **stated).text


def said(answer: Answer) -> object:
    return answer.why if answer.outcome is Outcome.REFUSED else answer.outcome


def test_who_stands_there_is_shown_with_the_age_of_the_list(reader: Reader, town: Town) -> None:
    answer = reader.scan(code(town))
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.holder is not None
    assert (answer.holder.name, answer.holder.sex_in_words[1], answer.holder.birth_year) == ("张*兰", "女", 1900)
    assert answer.holder.level_in_words == ("face compared", "人脸比对")
    assert (answer.list_age, answer.cautions) == (60, ())
    document = answer.document()
    assert document["list_age"] == {"en": "1 minute old", "zh": "1 分钟前"}
    assert CARD.hex() not in str(document)


@pytest.mark.parametrize("step", [NOW - 1, NOW, NOW + 1])
def test_a_code_is_good_in_its_minute_and_the_ones_beside_it(reader: Reader, town: Town, step: int) -> None:
    assert reader.scan(code(town, step)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(("off", "why"), [(-2, Refusal.CODE_OLD), (-600, Refusal.CODE_OLD), (2, Refusal.CODE_AHEAD)])
def test_a_code_of_another_minute_is_refused_in_words_that_name_the_clock(
    reader: Reader, town: Town, off: int, why: Refusal
) -> None:
    answer = reader.scan(code(town, NOW + off))
    assert (answer.why, answer.minutes, answer.use_id) == (why, abs(off), None)


def test_a_certificate_is_good_for_its_days(reader: Reader, town: Town) -> None:
    assert said(reader.scan(code(town, issued=NOW - 10_080))) is Refusal.CERTIFICATE_OVER
    assert said(reader.scan(code(town, issued=NOW - 10_079))) is Outcome.ACCEPTED


def test_the_same_scan_again_is_a_repeat_also_after_a_restart(tmp_path: Path, town: Town, hands: Hands) -> None:
    text = code(town)
    with ready(tmp_path, town, hands) as reader:
        first, again = reader.scan(text), reader.scan(text)
        elsewhere = reader.scan(text, EMERGENCY)
    with opened(tmp_path, hands) as reader:
        after, kept = reader.scan(text), reader.waiting(10)
    assert [one.outcome for one in (first, again, elsewhere, after)] == ["accepted", "repeat", "accepted", "repeat"]
    assert first.use_id == again.use_id == after.use_id
    assert [use.scene for use in kept] == ["0101", EMERGENCY]


def test_an_older_code_of_a_phone_is_a_copy_also_after_a_restart(tmp_path: Path, town: Town, hands: Hands) -> None:
    with ready(tmp_path, town, hands) as reader:
        assert said(reader.scan(code(town, NOW))) is Outcome.ACCEPTED
    with opened(tmp_path, hands) as reader:
        assert said(reader.scan(code(town, NOW - 1))) is Refusal.REPLAYED
        assert said(reader.scan(code(town, NOW - 1, slot=2))) is Outcome.ACCEPTED
        hands.forward(120)
        assert said(reader.scan(code(town, NOW))) is Refusal.CODE_OLD


def test_a_stopped_card_is_refused_and_a_freed_one_is_taken_again(reader: Reader, town: Town) -> None:
    reader.take_revocations(None, [town.delta(2, entry(ALL_VOID))])
    assert said(reader.scan(code(town))) is Refusal.REVOKED
    reader.take_revocations(None, [town.delta(3, entry(0), at=AT - 20)])
    assert said(reader.scan(code(town))) is Outcome.ACCEPTED


def test_a_removed_phone_is_refused_and_its_card_is_not(reader: Reader, town: Town) -> None:
    reader.take_revocations(None, [town.delta(2, entry(NOW, slot=1))])
    assert said(reader.scan(code(town, issued=NOW - 1))) is Refusal.REVOKED
    assert said(reader.scan(code(town, issued=NOW))) is Outcome.ACCEPTED
    assert said(reader.scan(code(town, slot=2))) is Outcome.ACCEPTED
    assert said(reader.scan(code(town, card_id=bytes(32)))) is Outcome.ACCEPTED


def test_old_lists_are_a_caution_then_a_refusal_but_in_an_emergency(reader: Reader, town: Town, hands: Hands) -> None:
    hands.forward(2 * DAY)
    stale = reader.scan(code(town, NOW + 2880))
    assert (stale.outcome, stale.cautions) == (Outcome.ACCEPTED, (Caution.LIST_STALE,))
    hands.forward(2 * DAY)
    assert said(reader.scan(code(town, NOW + 5760))) is Refusal.LIST_TOO_OLD
    emergency = reader.scan(code(town, NOW + 5760), EMERGENCY)
    assert (emergency.outcome, emergency.cautions) == (Outcome.ACCEPTED, (Caution.LIST_TOO_OLD,))


def test_without_lists_nothing_is_taken_without_saying_so(tmp_path: Path, town: Town, hands: Hands) -> None:
    set_up(tmp_path, town.keys[0])
    with opened(tmp_path, hands) as reader:
        assert said(reader.scan(code(town), EMERGENCY)) is Refusal.NOT_SET_UP
        reader.take_trust(town.trust())
        assert said(reader.scan(code(town))) is Refusal.NO_LIST
        assert reader.scan(code(town), EMERGENCY).cautions == (Caution.NO_LIST,)


def test_a_clock_before_what_has_passed_is_not_believed(tmp_path: Path, town: Town, hands: Hands) -> None:
    with ready(tmp_path, town, hands) as reader:
        hands.forward(-HOUR)
        assert said(reader.scan(code(town, NOW - 60))) is Refusal.CLOCK_WRONG
        assert said(reader.scan(DYNAMIC)) is Refusal.CLOCK_WRONG
        assert not reader.status().clock_believable
        assert reader.learn_time(AT)
        assert said(reader.scan(code(town))) is Outcome.ACCEPTED
    with opened(tmp_path, hands) as reader:
        assert reader.status().clock_offset == HOUR
        assert said(reader.scan(code(town))) is Outcome.REPEAT


def test_setting_the_clock_while_it_runs_changes_nothing_that_was_learnt(
    reader: Reader, town: Town, hands: Hands
) -> None:
    assert not reader.learn_time(AT + 5)
    hands.wall += DAY
    assert said(reader.scan(code(town))) is Outcome.ACCEPTED


def test_what_only_the_platform_can_prove_is_kept_and_said_to_be_unverified(reader: Reader) -> None:
    answer = reader.scan(DYNAMIC)
    assert (answer.outcome, answer.cautions, answer.holder) == (Outcome.UNVERIFIED, (Caution.UNPROVEN,), None)
    assert reader.scan(DYNAMIC).outcome is Outcome.REPEAT
    assert [use.seen for use in reader.waiting(10)] == ["unverified"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("AB" * 32 + ":1:::", Refusal.PRINTED),
        ("AB" * 32, Refusal.PRINTED),
        ("1" * 28, Refusal.OTHER_SCHEME),
        ("370402190001010015", Refusal.OTHER_SCHEME),
        ("HC1:NCF", Reason.EUROPEAN),
        ("EHC1:", Reason.DEVICE_LENGTH),
        ("", Reason.EMPTY),
    ],
)
def test_everything_else_is_refused_with_its_reason(reader: Reader, text: str, why: Refusal | Reason) -> None:
    assert said(reader.scan(text)) is why
    assert reader.waiting(1) == []


def test_a_forgery_is_refused_by_what_is_wrong_with_it(reader: Reader, town: Town) -> None:
    good = code_of(town.keys[0], PHONE)
    assert said(reader.scan(good._replace(step=NOW + 1).text)) is Reason.DEVICE_SIGNATURE
    assert said(reader.scan(code(town, city_key="00" * 8))) is Reason.CITY_KEY


def test_one_process_writes_in_a_folder(tmp_path: Path, town: Town, hands: Hands) -> None:
    with ready(tmp_path, town, hands), pytest.raises(FolderBusy):
        opened(tmp_path, hands)
    opened(tmp_path, hands).close()


def test_a_folder_without_a_reader_is_said_to_be_none(tmp_path: Path, hands: Hands) -> None:
    for text in ("", "{", '{"city": 1, "x": 2}'):
        (tmp_path / "reader.json").write_text(text)
        with pytest.raises(FolderUnusable):
            opened(tmp_path, hands)


def test_a_reader_tells_how_it_stands(reader: Reader, town: Town) -> None:
    reader.scan(code(town))
    status = reader.status()
    assert (status.trust_number, status.list_number, status.list_age, status.waiting) == (1, 1, 60, 1)
    assert status.leave.refusal is None


def test_threads_that_scan_one_code_at_once_make_one_use(reader: Reader, town: Town) -> None:
    text = code(town)
    with ThreadPoolExecutor(8) as pool:
        outcomes = [answer.outcome for answer in pool.map(reader.scan, [text] * 24)]
    assert sorted(outcomes) == ["accepted"] + ["repeat"] * 23
    assert len(reader.waiting(99)) == 1
