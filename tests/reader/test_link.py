"""Lists and time come down, uses go up exactly once, whatever the network does in between."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from reader.phones import code_of, phone
from reader.town import AT, DAY, Hands, Town, entry, opened, ready, set_up

from healthcloud import access
from healthcloud_reader import ALL_VOID, Reason, Unreadable
from healthcloud_reader.offline import NoKey, NoNetwork, Outcome, Reader, Refusal, Refused, ask, sync, upload
from healthcloud_reader.offline.link import Response

SECRET = bytes(range(32))
CLIENT = "0198c0de-0000-7000-8000-000000000001"


class City:
    """Answers as the platform does; `faults` are what befalls the next requests."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.trust = town.trust()
        self.deltas: list[dict[str, object]] = []
        self.snapshot = town.snapshot(1)
        self.kept: dict[str, dict[str, Any]] = {}
        self.refuses: set[str] = set()
        self.marks: dict[str, str] = {}
        self.asked: list[str] = []
        self.faults: list[object] = []
        self.date: float = AT

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        self.asked.append(url.removeprefix("http://city.invalid"))
        fault = self.faults.pop(0) if self.faults else None
        if fault == "no answer":
            raise NoNetwork
        answer = self._answer(method, url, headers, body)
        if fault == "answer lost":
            raise NoNetwork
        return fault if isinstance(fault, Response) else Response(200, self.date, json.dumps(answer).encode())

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> object:
        parts = urlsplit(url)
        if parts.path == "/api/v1/offline/trust":
            return self.trust
        if parts.path == "/api/v1/offline/revocations":
            after = int(parse_qs(parts.query).get("after", ["-1"])[0])
            held = [delta for number, delta in enumerate(self.deltas, start=2) if number > after]
            return {"deltas": held, "snapshot": self.snapshot if after < 1 else None}
        assert body is not None
        self._check_signature(method, parts.path, headers["Authorization"], body)
        return {"results": [self._keep(item) for item in json.loads(body)["items"]]}

    def _check_signature(self, method: str, target: str, header: str, body: bytes) -> None:
        given = dict(part.split("=", 1) for part in header.partition(" ")[2].split(","))
        timestamp, nonce = int(given["timestamp"].strip('"')), given["nonce"].strip('"')
        assert header == access.sign_request(
            UUID(CLIENT), SECRET, method, target, body, timestamp=timestamp, nonce=nonce
        )

    def _keep(self, item: dict[str, Any]) -> dict[str, object]:
        name = item["id"]
        if name in self.refuses:
            problem = {"code": "code-forged", "title": "Nobody made this code.", "title_zh": "此码系伪造。"}
            return {"id": name, "outcome": "refused", "use": None, "mark": None, "problem": problem}
        outcome = "repeat" if name in self.kept else "kept"
        self.kept[name] = item
        return {"id": name, "outcome": outcome, "use": "u", "mark": self.marks.get(name), "problem": None}


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def city() -> City:
    return City(Town())


@pytest.fixture
def reader(tmp_path: Path, city: City, hands: Hands) -> Iterator[Reader]:
    with ready(tmp_path, city.town, hands, client=CLIENT) as reader:
        reader.keys.put_client_secret(SECRET)
        yield reader


def scan_some(reader: Reader, town: Town, count: int) -> list[str]:
    answers = [reader.scan(code_of(town.keys[0], phone(), slot=slot).text) for slot in range(1, count + 1)]
    return [answer.use_id or "" for answer in answers]


def test_a_new_reader_is_ready_after_one_sync(tmp_path: Path, city: City, hands: Hands) -> None:
    set_up(tmp_path, city.town.keys[0])
    city.deltas = [city.town.delta(2), city.town.delta(3, entry(ALL_VOID))]
    with opened(tmp_path, hands) as reader:
        sync(reader, city)
        assert reader.list_number() == 3
        assert reader.scan(code_of(city.town.keys[0], phone()).text).why is Refusal.REVOKED
        sync(reader, city)
    assert city.asked[-1] == "/api/v1/offline/revocations?after=3"


def test_a_gap_is_filled_by_a_snapshot(reader: Reader, city: City) -> None:
    city.deltas = [city.town.delta(5, entry(ALL_VOID))]
    city.snapshot = city.town.snapshot(9, at=AT - 10)
    sync(reader, city)
    assert reader.list_number() == 9
    assert city.asked[-1] == "/api/v1/offline/revocations"


def test_a_clock_that_is_off_is_put_right_by_the_city(reader: Reader, city: City, hands: Hands) -> None:
    hands.wall -= DAY
    city.date = AT
    sync(reader, city)
    assert reader.status().clock_offset == DAY
    assert reader.scan(code_of(city.town.keys[0], phone()).text).outcome is Outcome.ACCEPTED


def test_uses_go_up_once_in_batches(reader: Reader, city: City) -> None:
    names = scan_some(reader, city.town, 250)
    told = upload(reader, city)
    assert (told.settled, told.aside) == (250, 0)
    assert list(city.kept) == names
    assert len(city.asked) == 2
    assert upload(reader, city).settled == 0
    first = city.kept[names[0]]
    assert (first["terminal"], first["scene"], first["seen"]) == ("T1", "0101", "accepted")
    assert first["scanned_at"] == "2026-09-21T14:13:30Z"


@pytest.mark.parametrize(
    "fault", ["no answer", "answer lost", Response(503, None, b"{}"), Response(200, AT, b"<html>")]
)
def test_what_was_not_answered_for_is_told_again(reader: Reader, city: City, fault: object) -> None:
    names = scan_some(reader, city.town, 3)
    city.faults = [fault]
    with pytest.raises(NoNetwork):
        upload(reader, city)
    assert [use.id for use in reader.waiting(9)] == names
    upload(reader, city)
    assert list(city.kept) == names
    assert reader.waiting(9) == []


def test_an_answer_that_leaves_some_out_leaves_them_waiting(reader: Reader, city: City) -> None:
    names = scan_some(reader, city.town, 2)
    some = {"results": [{"id": names[0], "outcome": "kept", "use": "u", "mark": None, "problem": None}, {"id": "?"}]}
    city.faults = [Response(200, AT, json.dumps(some).encode()), Response(200, AT, b'{"results": []}')]
    assert upload(reader, city).settled == 1
    assert [use.id for use in reader.waiting(9)] == names[1:]


def test_what_the_city_refuses_is_kept_for_a_person(tmp_path: Path, reader: Reader, city: City, hands: Hands) -> None:
    names = scan_some(reader, city.town, 3)
    city.refuses, city.marks = {names[0]}, {names[2]: "void"}
    told = upload(reader, city)
    assert (told.settled, told.aside) == (1, 2)
    reader.close()
    with opened(tmp_path, hands) as again:
        assert [(one.use.id, one.problem) for one in again.aside()] == [(names[0], "code-forged"), (names[2], "void")]
        assert again.waiting(9) == []
        assert again.dismiss(names[0])
        assert not again.dismiss(names[0])
        assert len(again.aside()) == 1


def test_one_item_that_spoils_its_batch_is_put_aside_and_the_others_get_there(reader: Reader, city: City) -> None:
    names = scan_some(reader, city.town, 7)
    spoilt = names[4]

    def strict(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        if body and spoilt in body.decode():
            problem = {"code": "unacceptable", "title": "A value breaks a rule.", "title_zh": "不合规则。"}
            return Response(422, AT, json.dumps(problem).encode())
        return city(method, url, headers, body)

    told = upload(reader, strict)
    assert (told.settled, told.aside) == (6, 1)
    assert [(one.use.id, one.zh) for one in reader.aside()] == [(spoilt, "不合规则。")]
    assert sorted(city.kept) == sorted(set(names) - {spoilt})


def test_a_page_in_between_teaches_no_time(reader: Reader, city: City, hands: Hands) -> None:
    city.faults = [Response(200, AT - DAY, b"<html>sign in</html>")]
    with pytest.raises(NoNetwork):
        sync(reader, city)
    assert reader.status().clock_offset == 0
    assert reader.clock.now() == hands.wall


def test_a_refused_key_and_a_missing_one_are_told_apart(tmp_path: Path, reader: Reader, city: City) -> None:
    scan_some(reader, city.town, 1)
    city.faults = [Response(401, AT, b'{"code": "signature-key-revoked"}')]
    with pytest.raises(Refused, match="signature-key-revoked"):
        upload(reader, city)
    (tmp_path / "client.key").unlink()
    with pytest.raises(NoKey):
        upload(reader, city)
    assert len(reader.waiting(9)) == 1


def test_a_list_of_a_stranger_is_refused_over_the_network_too(reader: Reader, city: City) -> None:
    city.trust = Town().signed("EHC-REVOKE-1", {})
    with pytest.raises(Unreadable) as refused:
        sync(reader, city)
    assert refused.value.reason in {Reason.LIST_FORM, Reason.LIST_UNTRUSTED}


def test_no_other_scheme_than_http_is_asked() -> None:
    for address in ("file:///etc/passwd", "ftp://city.invalid/"):
        with pytest.raises(NoNetwork):
            ask("GET", address, {}, None)


def test_nobody_there_is_no_network() -> None:
    with pytest.raises(NoNetwork):
        ask("GET", "http://127.0.0.1:9/", {}, None)
