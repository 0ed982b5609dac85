"""
Write tests/reader/vectors/lists.json anew: `PYTHONPATH=tests python -m reader.write_lists`.

A story each: the lists a reader is given, in their order, and what it answers to each scan at its time.
"""

import json
from pathlib import Path
from typing import Any

from reader.phones import CARD, NOW, CityKey, city_key, code_of, phone
from reader.town import AT, DAY, EMERGENCY, HOUR, POLICY, Town, entry
from reader.write_codes import ALGORITHMS

from healthcloud_reader import ALL_VOID
from healthcloud_reader.keys import Algorithm

PATH = Path(__file__).parent / "vectors" / "lists.json"
ABOUT = (
    "Stories of an offline reader of the electronic health card; docs/reference/offline-format.md has the rules. "
    "`first_key` is what it was set up with; `given` are trust lists, snapshots and deltas in the order they come, "
    "each `taken` or refused by its reason; `scans` are at `at` (Unix seconds) in `scene` at one terminal, in order."
)
Story = dict[str, Any]


def given(kind: str, document: dict[str, object], taken: str = "taken") -> Story:
    return {"kind": kind, "list": document, "taken": taken}


def scan(city: CityKey, outcome: str, *, at: float = AT, scene: str = "010101", off: int = 0, **stated: Any) -> Story:
    code = code_of(city, phone(), int(at) // 60 + off, **stated)
    word, _, why = outcome.partition(" ")
    return {"at": int(at), "scene": scene, "text": code.text, "outcome": word, "why": why or None}


def revoking(city: CityKey) -> Story:
    town = Town([city])
    return {
        "what": f"stopped, freed, and a phone removed ({city.public.algorithm.value})",
        "first_key": city.public.id,
        "given": [
            given("trust", town.trust()),
            given("snapshot", town.snapshot(1, entry(ALL_VOID))),
            given("delta", town.delta(2, entry(0), at=AT - 50)),
            given("delta", town.delta(3, entry(NOW, slot=7), entry(ALL_VOID, card=bytes(32)), at=AT - 40)),
        ],
        "scans": [
            scan(city, "accepted"),
            scan(city, "repeat"),
            scan(city, "accepted", scene=EMERGENCY),
            scan(city, "refused replayed", off=-1),
            scan(city, "accepted", off=-1, slot=2),
            scan(city, "refused revoked", slot=7, issued=NOW - 1),
            scan(city, "accepted", slot=7, issued=NOW),
            scan(city, "refused revoked", card_id=bytes(32)),
            scan(city, "refused code-old", slot=3, off=-2),
            scan(city, "refused code-ahead", slot=3, off=2),
            scan(city, "refused certificate-over", slot=3, issued=NOW - 10_080),
            scan(city, "refused certificate-over", slot=3, issued=NOW + 6),
            scan(city, "accepted", slot=3, off=1),
        ],
    }


def ageing(city: CityKey) -> Story:
    town = Town([city])
    times = [AT + 2 * DAY, AT + 2 * DAY, AT + 4 * DAY, AT + 4 * DAY, AT + 31 * DAY, AT + 31 * DAY]
    outcomes = ["accepted", "accepted", "refused list-too-old", "accepted", "refused trust-expired", "accepted"]
    scenes = ["010101", EMERGENCY] * 3
    ageing_scans = [
        scan(city, outcome, at=at, scene=scene, issued=int(at) // 60 - 5)
        for at, outcome, scene in zip(times, outcomes, scenes, strict=True)
    ]
    return {
        "what": "lists grow old",
        "first_key": city.public.id,
        "given": [given("trust", town.trust()), given("snapshot", town.snapshot(1))],
        "scans": ageing_scans,
    }


def switching(old: CityKey, new: CityKey, stranger: CityKey) -> Story:
    both, only = Town([old, new]), Town([new])
    return {
        "what": "the city goes from one key to another, and strangers try",
        "first_key": old.public.id,
        "given": [
            given("trust", Town([stranger]).trust(), "list-untrusted"),
            given("trust", both.trust(1, by=[new]), "list-untrusted"),
            given("trust", both.trust(1)),
            given("trust", Town([stranger]).trust(2), "list-untrusted"),
            given("snapshot", only.snapshot(4)),
            given("delta", only.delta(6), "gap"),
            given("trust", only.trust(2, issued_at=AT - 30 * 60, by=[old, new])),
            given("trust", both.trust(1, by=[new]), "list-backwards"),
            given("snapshot", Town([old]).snapshot(9, at=AT), "list-untrusted"),
            given("snapshot", only.snapshot(3, entry(ALL_VOID), at=AT - HOUR)),
        ],
        "scans": [scan(new, "accepted"), scan(old, "refused city-key", slot=2)],
    }


def bare(city: CityKey) -> Story:
    town = Town([city])
    return {
        "what": "a trust list alone",
        "first_key": city.public.id,
        "given": [given("trust", town.trust())],
        "scans": [scan(city, "refused no-list"), scan(city, "accepted", scene=EMERGENCY)],
    }


def written() -> dict[str, object]:
    cities = [city_key(algorithm) for algorithm in ALGORITHMS]
    sm2, p256, ed25519 = cities
    stories = [revoking(city) for city in cities]
    stories += [ageing(p256), switching(sm2, p256, city_key(Algorithm.ED25519, seed=9)), bare(ed25519)]
    return {"about": ABOUT, "card": CARD.hex(), "policy": POLICY, "stories": stories}


if __name__ == "__main__":
    PATH.write_text(json.dumps(written(), ensure_ascii=False, indent=1) + "\n")
