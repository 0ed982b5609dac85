"""Lists are taken from whom is trusted, in their order, and never backwards."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader.phones import NOW, CityKey, city_key, code_of, phone
from reader.town import AT, DAY, Hands, Town, entry, opened, ready, set_up, told

from healthcloud_reader import ALL_VOID, Reason, Unreadable
from healthcloud_reader.jws import from_base64url, read_json, read_list, to_base64url
from healthcloud_reader.keys import Algorithm, Sm2Unavailable, sm2
from healthcloud_reader.offline import Outcome, Reader, Refusal

OLD, NEXT, STRANGER = city_key(), city_key(Algorithm.P256_SHA256), city_key(Algorithm.ED25519, seed=9)


@pytest.fixture
def town() -> Town:
    return Town([OLD])


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def reader(tmp_path: Path, town: Town, hands: Hands) -> Iterator[Reader]:
    with ready(tmp_path, town, hands) as reader:
        yield reader


def refusal(take: Callable[[], object]) -> Reason | None:
    try:
        take()
    except Unreadable as error:
        return error.reason
    return None


def scanned(reader: Reader, key: CityKey, step: int = NOW, **stated: object) -> object:
    answer = reader.scan(code_of(key, phone(), step, **stated).text)
    return answer.why or answer.outcome


def test_the_first_list_must_be_signed_by_the_key_set_up(tmp_path: Path, town: Town, hands: Hands) -> None:
    set_up(tmp_path, OLD)
    with opened(tmp_path, hands) as reader:
        both = town.trust(listed=[OLD, STRANGER], by=[STRANGER])
        assert refusal(lambda: reader.take_trust(both)) is Reason.LIST_UNTRUSTED
        assert refusal(lambda: reader.take_trust(Town([STRANGER]).trust())) is Reason.LIST_UNTRUSTED
        reader.take_trust(town.trust(listed=[OLD, NEXT]))
        assert scanned(reader, NEXT) is Refusal.NO_LIST


def test_without_sm2_it_says_which_package_is_missing(
    tmp_path: Path, town: Town, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise Sm2Unavailable

    set_up(tmp_path, OLD)
    with opened(tmp_path, hands) as reader:
        reader.take_trust(town.trust())
        monkeypatch.setattr(sm2, "libcrypto", missing)
        with pytest.raises(Sm2Unavailable, match="libssl3"):
            reader.take_trust(town.trust(2))
    with pytest.raises(Sm2Unavailable):
        opened(tmp_path, hands)
    monkeypatch.undo()
    opened(tmp_path, hands).close()


def test_trust_moves_to_the_next_key_and_leaves_the_old_one(reader: Reader) -> None:
    reader.take_trust(Town([OLD, NEXT]).trust(2))
    assert scanned(reader, NEXT) is Outcome.ACCEPTED
    reader.take_trust(Town([NEXT]).trust(3, by=[NEXT, OLD]))
    assert scanned(reader, OLD) is Reason.CITY_KEY
    assert refusal(lambda: reader.take_trust(Town([OLD]).trust(4))) is Reason.LIST_UNTRUSTED


def test_no_list_goes_backwards(reader: Reader, town: Town) -> None:
    reader.take_revocations(None, [town.delta(2, entry(ALL_VOID))])
    reader.take_revocations(town.snapshot(1), [])
    reader.take_revocations(town.snapshot(5, at=AT - 3600), [])
    reader.take_revocations(None, [town.delta(2, entry(0))])
    assert scanned(reader, OLD) is Refusal.REVOKED
    assert refusal(lambda: reader.take_trust(town.trust(1, issued_at=AT - DAY))) is Reason.LIST_BACKWARDS
    reader.take_trust(town.trust(1))


def test_a_city_put_back_from_a_backup_is_followed(reader: Reader, town: Town) -> None:
    reader.take_revocations(None, [town.delta(number) for number in range(2, 9)])
    reader.take_revocations(town.snapshot(3, entry(ALL_VOID), at=AT), [])
    assert reader.list_number() == 3
    assert scanned(reader, OLD) is Refusal.REVOKED


def test_a_missing_delta_asks_for_a_snapshot(reader: Reader, town: Town) -> None:
    assert not reader.take_revocations(None, [town.delta(2), town.delta(3)])
    assert reader.take_revocations(None, [town.delta(4), town.delta(6, entry(ALL_VOID))])
    assert reader.list_number() == 4
    assert not reader.take_revocations(town.snapshot(6, entry(ALL_VOID), at=AT - 10), [town.delta(7, at=AT - 5)])
    assert reader.list_number() == 7
    assert scanned(reader, OLD) is Refusal.REVOKED


def test_what_was_taken_stands_after_a_restart(tmp_path: Path, town: Town, hands: Hands) -> None:
    with ready(tmp_path, town, hands) as reader:
        reader.take_revocations(None, [town.delta(2, entry(NOW, slot=7), entry(ALL_VOID, card=bytes(32)))])
    with opened(tmp_path, hands) as reader:
        assert scanned(reader, OLD, slot=7) is Refusal.REVOKED
        assert scanned(reader, OLD, card_id=bytes(32)) is Refusal.REVOKED
        assert scanned(reader, OLD) is Outcome.ACCEPTED
        assert reader.status().list_number == 2


def test_a_list_of_one_kind_never_stands_for_another(reader: Reader, town: Town) -> None:
    assert refusal(lambda: reader.take_revocations(town.trust(), [])) is Reason.LIST_UNTRUSTED
    snapshot = town.signed("EHC-REVOKE-DELTA-1", {"number": 9, "issued_at": told(AT), "entries": []})
    assert refusal(lambda: reader.take_revocations(snapshot, [])) is Reason.LIST_UNTRUSTED


def test_a_list_signed_by_a_stranger_changes_nothing(reader: Reader, town: Town) -> None:
    forged = [
        lambda: reader.take_revocations(town.snapshot(9, entry(ALL_VOID), by=[STRANGER]), []),
        lambda: reader.take_revocations(None, [town.delta(2), Town([STRANGER]).delta(3, entry(ALL_VOID))]),
        lambda: reader.take_trust(Town([STRANGER]).trust(9)),
    ]
    assert [refusal(take) for take in forged] == [Reason.LIST_UNTRUSTED] * 3
    assert reader.list_number() == 1


def altered(document: dict[str, Any], change: Callable[[dict[str, Any]], None], town: Town) -> dict[str, Any]:
    content = json.loads(from_base64url(document["payload"]))
    change(content)
    return town.signed("EHC-TRUST-1", content)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("number"),
        lambda c: c.update(number="1"),
        lambda c: c.update(issued_at="2026-01-01T00:00:00"),
        lambda c: c.update(expires_at="soon"),
        lambda c: c.update(keys="none"),
        lambda c: c["keys"][0].update(id="0" * 16),
        lambda c: c["keys"][0].update(public="AA"),
        lambda c: c["keys"][0].update(algorithm="RSA"),
        lambda c: c["keys"][0].update(algorithm="SM4-GCM"),
        lambda c: c["policy"].pop("window_steps"),
    ],
)
def test_a_trust_list_that_says_nonsense_is_none(reader: Reader, town: Town, change: Callable[[Any], None]) -> None:
    assert refusal(lambda: reader.take_trust(altered(town.trust(2), change, town))) is Reason.LIST_FORM


@pytest.mark.parametrize(
    "line", [["AA", 0, 1], ["!", 0, 1], [to_base64url(bytes(8)), 255, 1], [to_base64url(bytes(8)), 0, -1], [], "x"]
)
def test_a_revocation_that_says_nonsense_is_none(reader: Reader, town: Town, line: list[object]) -> None:
    assert refusal(lambda: reader.take_revocations(None, [town.delta(2, line)])) is Reason.LIST_FORM


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_refused_in_words_and_changes_nothing(
    reader: Reader, town: Town, data: st.DataObject
) -> None:
    good = town.delta(2, entry(ALL_VOID))
    spoiled = dict(good)
    field = data.draw(st.sampled_from(["payload", "signatures", "protected", "signature", "all"]))
    value = data.draw(json_values | st.text("AQgw-_=", max_size=20))
    if field in {"payload", "signatures"}:
        spoiled[field] = value
    elif field == "all":
        spoiled = value  # type: ignore[assignment]  # whatever a stranger sends
    else:
        spoiled["signatures"] = [read_list(good).document()["signatures"][0] | {field: value}]  # type: ignore[index]  # JSON
    assert refusal(lambda: reader.take_revocations(None, [spoiled])) in {Reason.LIST_FORM, Reason.LIST_UNTRUSTED}
    assert refusal(lambda: reader.take_revocations(spoiled, [])) in {Reason.LIST_FORM, Reason.LIST_UNTRUSTED, None}
    assert refusal(lambda: reader.take_trust(spoiled)) in {Reason.LIST_FORM, Reason.LIST_UNTRUSTED}
    assert reader.list_number() == 1


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": OLD.public.id, "typ": "EHC-REVOKE-DELTA-1"},
        {"alg": "SM2-SM3", "kid": OLD.public.id, "typ": "EHC-REVOKE-DELTA-1", "crit": ["exp"]},
        {"alg": "SM2-SM3", "typ": "EHC-REVOKE-DELTA-1"},
        [],
    ],
)
def test_a_header_we_do_not_know_is_not_overlooked(town: Town, header: object) -> None:
    document: Any = town.delta(2)
    document["signatures"][0]["protected"] = to_base64url(json.dumps(header).encode())
    assert refusal(lambda: read_list(document)) is Reason.LIST_FORM


@given(
    st.lists(st.dictionaries(st.integers(1, 3), st.sampled_from([0, NOW, ALL_VOID]), max_size=3), max_size=6), st.data()
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_and_late_lists_come_the_reader_ends_where_the_city_is(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[int, int]], data: st.DataObject
) -> None:
    """The slow twin is one dictionary; deltas come twice, late, out of order and with gaps."""
    town, void, lists = Town([NEXT]), dict[int, int](), []
    for number, change in enumerate(changes, start=2):
        void |= change
        lines = [entry(before, slot=slot) for slot, before in change.items()]
        lists.append(town.delta(number, *lines, at=AT - 50 + number))
    everything = town.snapshot(
        len(lists) + 1, *(entry(b, slot=s) for s, b in void.items()), at=AT - 50 + len(lists) + 1
    )
    with ready(tmp_path_factory.mktemp("reader"), town, Hands()) as reader:
        for one in data.draw(st.lists(st.sampled_from(lists), max_size=8)) if lists else []:
            reader.take_revocations(None, [one])
        if reader.take_revocations(None, lists):
            assert not reader.take_revocations(everything, lists)
        for slot in (1, 2, 3):
            for issued in (NOW - 1, NOW):
                voided = issued < void.get(slot, 0)
                assert (scanned(reader, NEXT, slot=slot, issued=issued) is Refusal.REVOKED) == voided


def test_a_name_that_stands_twice_is_no_json_of_ours() -> None:
    assert refusal(lambda: read_json('{"number": 1, "number": 2}')) is Reason.LIST_FORM
    assert refusal(lambda: read_json("[" * 100_000)) is Reason.LIST_FORM
    assert read_json('{"number": 1}') == {"number": 1}
