"""Changing keys while everything runs: each purpose its own way, no step out of order, nobody registered twice."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from core.crypto.hands import Hands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from healthcloud.core.crypto import (
    Algorithm,
    FileKeyStore,
    KeyState,
    Purpose,
    SealBroken,
    Use,
    Vault,
    create_development_keys,
)
from healthcloud.core.crypto.errors import KeyMissing, RotationRefused

FACE, DOCUMENT, CODE, HEAD = "people.face", "people.document", "cards.code", "audit.head"
NEVER = 10.0**9


def states(store: FileKeyStore, purpose: str) -> list[tuple[int, str]]:
    return [(key.number, key.state.value) for key in store.ring(purpose).keys]


def test_sealed_values_are_sealed_again_and_the_old_key_goes(store: FileKeyStore, vault: Vault, clock: Hands) -> None:
    # Given a row sealed under the first key
    row = vault.seal(FACE, b"row", b"x")
    # When a second key is added, values are still sealed under the first
    store.add_key(FACE)
    assert vault.is_current(FACE, vault.seal(FACE, b"row", b"x"))
    assert vault.is_current(FACE, row)
    # And when it is promoted, the old row opens and is told to be sealed again
    clock.wait(60)
    store.promote(FACE)
    assert not vault.is_current(FACE, row)
    again = vault.seal(FACE, b"row", vault.open(FACE, b"row", row))
    assert vault.is_current(FACE, again)
    # Then the old key can go: what was sealed again opens, what was forgotten does not
    clock.wait(60)
    store.retire(FACE)
    assert vault.open(FACE, b"row", again) == b"x"
    with pytest.raises(SealBroken):
        vault.open(FACE, b"row", row)
    # And an old backup opens once its key is readmitted
    clock.wait(60)
    store.readmit(FACE, 1)
    assert vault.open(FACE, b"row", row) == b"x"


def test_a_process_behind_opens_what_one_ahead_has_sealed(key_file: Path, store: FileKeyStore, clock: Hands) -> None:
    store.add_key(FACE)
    behind = Vault(FileKeyStore(key_file, look_every=NEVER))
    clock.wait(60)
    store.promote(FACE)
    sealed = Vault(store).seal(FACE, b"row", b"x")
    assert not behind.is_current(FACE, sealed)
    assert behind.open(FACE, b"row", sealed) == b"x"


def test_fingerprints_are_claimed_under_every_live_key(store: FileKeyStore, vault: Vault, clock: Hands) -> None:
    (first,) = vault.fingerprints(DOCUMENT, "370402190001010015")
    store.add_key(DOCUMENT)
    (current, following) = vault.fingerprints(DOCUMENT, "370402190001010015")
    assert current == first == vault.fingerprint(DOCUMENT, "370402190001010015")
    clock.wait(60)
    store.promote(DOCUMENT)
    assert vault.fingerprints(DOCUMENT, "370402190001010015") == (following, first)
    assert vault.fingerprint(DOCUMENT, "370402190001010015") == following
    clock.wait(60)
    store.retire(DOCUMENT)
    assert vault.fingerprints(DOCUMENT, "370402190001010015") == (following,)


def test_codes_of_two_masters_are_tried_until_phones_have_enrolled_again(
    store: FileKeyStore, vault: Vault, clock: Hands
) -> None:
    (old,) = vault.derive(CODE, b"card")
    store.add_key(CODE)
    clock.wait(60)
    store.promote(CODE)
    new, previous = vault.derive(CODE, b"card")
    assert previous == old != new
    clock.wait(60)
    store.retire(CODE)
    assert vault.derive(CODE, b"card") == (new,)


def test_signatures_move_from_sm2_to_p256_and_back(store: FileKeyStore, vault: Vault, clock: Hands) -> None:
    # Given a head signed with SM2, and a P-256 key announced beside it
    old = vault.sign(HEAD, b"head 1")
    store.add_key(HEAD, Algorithm.P256_SHA256)
    assert [(line.public.algorithm, line.state) for line in vault.trust_list(HEAD)] == [
        (Algorithm.SM2_SM3, KeyState.CURRENT),
        (Algorithm.P256_SHA256, KeyState.NEXT),
    ]
    # When the switch is made
    clock.wait(60)
    store.promote(HEAD)
    new = vault.sign(HEAD, b"head 2")
    # Then both verify, and the switch can be taken back
    assert (old.algorithm, new.algorithm) == ("SM2-SM3", "P-256-SHA-256")
    assert vault.verify(HEAD, b"head 1", old)
    assert vault.verify(HEAD, b"head 2", new)
    clock.wait(60)
    store.roll_back(HEAD)
    assert vault.sign(HEAD, b"head 3").algorithm == "SM2-SM3"
    assert vault.verify(HEAD, b"head 2", new)


def test_signing_keys_gather_as_previous_and_retire_oldest_first(
    store: FileKeyStore, vault: Vault, clock: Hands
) -> None:
    signatures = [vault.sign(HEAD, b"head")]
    for _ in range(2):
        clock.wait(60)
        store.add_key(HEAD)
        clock.wait(60)
        store.promote(HEAD)
        signatures.append(vault.sign(HEAD, b"head"))
    assert states(store, HEAD) == [(3, "current"), (2, "previous"), (1, "previous")]
    clock.wait(60)
    store.retire(HEAD)
    assert [vault.verify(HEAD, b"head", signature) for signature in signatures] == [False, True, True]


def test_a_promotion_taken_back_leaves_both_keys_where_they_were(store: FileKeyStore, clock: Hands) -> None:
    store.add_key(FACE)
    clock.wait(60)
    store.promote(FACE)
    clock.wait(60)
    store.roll_back(FACE)
    assert states(store, FACE) == [(1, "current"), (2, "next")]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (["promote"], "no next key"),
        (["retire"], "no previous key"),
        (["roll_back"], "no promotion"),
        (["add_key", "add_key"], "next key already"),
        (["add_key", "promote", "add_key", "promote"], "previous key still"),
        (["add_key", "promote", "add_key", "roll_back"], "no promotion"),
        (["add_key", "retire"], "no previous key"),
    ],
)
def test_steps_out_of_order_are_refused(store: FileKeyStore, clock: Hands, steps: list[str], reason: str) -> None:
    for step in steps[:-1]:
        getattr(store, step)(FACE)
        clock.wait(60)
    before = store.lines()
    with pytest.raises(RotationRefused, match=reason):
        getattr(store, steps[-1])(FACE)
    store.reload()
    assert store.lines() == before


def test_only_a_retired_key_is_readmitted_and_not_beside_a_previous_one(store: FileKeyStore, clock: Hands) -> None:
    for step in ("add_key", "promote", "retire", "add_key", "promote"):
        getattr(store, step)(FACE)
        clock.wait(60)
    with pytest.raises(RotationRefused, match="no retired key"):
        store.readmit(FACE, 3)
    with pytest.raises(RotationRefused, match="previous key still"):
        store.readmit(FACE, 1)


def test_a_step_waits_until_every_process_has_seen_the_last(store: FileKeyStore, vault: Vault, clock: Hands) -> None:
    store.add_key(DOCUMENT)
    clock.wait(59)
    assert not vault.settled(DOCUMENT, clock())
    with pytest.raises(RotationRefused) as refused:
        store.promote(DOCUMENT)
    assert refused.value.facts == {"seconds": 2}
    store.add_key(FACE)  # each purpose waits for itself alone
    clock.wait(1)
    assert vault.settled(DOCUMENT, clock())
    store.promote(DOCUMENT)
    assert not vault.settled(DOCUMENT, clock())
    with pytest.raises(RotationRefused, match="not settled"):
        store.retire(DOCUMENT)


def test_a_purpose_nobody_created_does_not_rotate(store: FileKeyStore) -> None:
    with pytest.raises(KeyMissing):
        store.add_key("people.unheard-of")


def test_an_algorithm_of_another_use_is_not_added(store: FileKeyStore, key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(ValueError, match="does not seal"):
        store.add_key(FACE, Algorithm.SM2_SM3)
    assert key_file.read_bytes() == before


@dataclass
class Index:
    """The lookup table of a feature: fingerprint → person, unique by constraint."""

    persons: list[str] = field(default_factory=list)
    rows: dict[bytes, int] = field(default_factory=dict)

    def register(self, vault: Vault, number: str) -> None:
        claims = vault.fingerprints(DOCUMENT, number)
        known = [self.rows[claim] for claim in claims if claim in self.rows]
        if not known:
            self.persons.append(number)
        for claim in claims:
            self.rows.setdefault(claim, known[0] if known else len(self.persons) - 1)

    def keep_exactly_the_live(self, vault: Vault) -> None:
        """What the feature's job does after each step: add what is missing, delete what no live key makes."""
        self.rows = {
            claim: person
            for person, number in enumerate(self.persons)
            for claim in vault.fingerprints(DOCUMENT, number)
        }


MOVES = some.one_of(
    some.tuples(some.just("register"), some.integers(0, 2), some.sampled_from(["370402A", "370402B"])),
    some.tuples(some.just("notice"), some.integers(0, 2), some.just("")),
    some.tuples(some.just("step"), some.just(0), some.just("")),
)


@given(moves=some.lists(MOVES, min_size=5, max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_registers_twice_at_any_moment_of_a_rotation(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    create_development_keys(path, [Purpose(DOCUMENT, Use.FINGERPRINT)])
    keeper = FileKeyStore(path, settling=timedelta(days=-1), look_every=NEVER)
    processes = [FileKeyStore(path, look_every=NEVER) for _ in range(3)]
    steps = [keeper.add_key, keeper.promote, keeper.retire] * 3
    index = Index()
    for move, process, number in moves:
        if move == "register":
            index.register(Vault(processes[process]), number)
        elif move == "notice":
            processes[process].reload()
        elif steps and all(other.version == keeper.version for other in processes):  # the last step has settled
            index.keep_exactly_the_live(Vault(keeper))
            steps.pop(0)(DOCUMENT)
        assert len(index.persons) == len(set(index.persons))


def test_without_the_wait_somebody_does_register_twice(key_file: Path) -> None:
    """The control: three steps at once leave a process that shares no key with the others."""
    keeper = FileKeyStore(key_file, settling=timedelta(days=-1))
    behind, index = FileKeyStore(key_file, look_every=NEVER), Index()
    for step in (keeper.add_key, keeper.promote, keeper.retire):
        step(DOCUMENT)
    index.register(Vault(behind), "370402A")
    index.register(Vault(keeper), "370402A")
    assert index.persons == ["370402A", "370402A"]
