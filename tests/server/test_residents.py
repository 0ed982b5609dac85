"""The demonstration's residents: evidently invented, valid, all different, the same every time."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from healthcloud import people
from healthcloud.server.demonstration.residents import (
    MOST,
    YOUNGEST,
    may_be_mother,
    newborn,
    registrations,
    resident,
)

SOME = registrations(0, 20_000)


def test_the_same_resident_is_who_they_were() -> None:
    assert registrations(7, 3) == SOME[7:10]
    one = resident(1)
    assert (one.name, one.documents[0].number, one.phone) == ("吴国军", "370401196604099996", "16000000001")


@pytest.mark.parametrize("first", [0, 1_234_000, 3_799_000])
def test_who_is_not_read_as_a_form_is_as_if_read(first: int) -> None:
    read = [people.read_registration(resident(n), YOUNGEST) for n in range(first, first + 1000)]
    assert registrations(first, 1000) == read


def test_no_two_share_a_document_or_a_phone() -> None:
    keys = Counter(document.key for one in SOME for document in one.documents)
    phones = Counter(one.phone for one in SOME if one.phone)
    assert keys.most_common(1)[0][1] == phones.most_common(1)[0][1] == 1


def test_blocks_far_apart_share_no_number() -> None:
    near, far = ({d.key for one in registrations(first, 2000) for d in one.documents} for first in (0, 3_000_000))
    assert not near & far


def test_nobody_can_be_taken_for_somebody_real() -> None:
    numbers = [document.number for one in SOME for document in one.documents if document.resident]
    assert all(number.startswith("370401") for number in numbers)
    assert all(one.phone is None or one.phone.startswith("160") for one in SOME)


def test_the_city_has_every_kind_of_person() -> None:
    kinds = Counter(one.documents[0].kind for one in SOME)
    assert {"01", "02", "03", "04", "06", "07", "08"} <= kinds.keys()
    ages = Counter((YOUNGEST - one.birth_date).days // 3653 for one in SOME)
    assert all(ages[decade] > 0 for decade in range(11))
    assert 0.48 < sum(one.sex == "1" for one in SOME) / len(SOME) < 0.54
    names = [one.name or "" for one in SOME]
    assert any("·" in name for name in names)
    assert any(len(name) > 12 for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)
    assert len({one.ethnicity for one in SOME}) > 5
    assert len({one.nationality for one in SOME}) > 3


def test_a_mother_is_a_woman_of_the_age() -> None:
    mother = next(n for n in range(1000) if may_be_mother(resident(n)))
    assert resident(mother).sex == "2"
    born = resident(mother).birth_date
    assert born is not None
    assert 20 <= (date(2025, 9, 30) - born).days / 365 <= 42


def test_a_newborn_is_of_this_month() -> None:
    now, mother = datetime.now(UTC), UUID(int=5)
    child = newborn(3, mother, now)
    assert child.birth is not None
    assert child.birth.mother_id == mother
    assert 0 < (now - child.birth.born_at).days <= 29


def test_there_is_an_end() -> None:
    with pytest.raises(ValueError, match=str(MOST)):
        resident(MOST)
