"""The published vectors read as published, here and in a second implementation in JavaScript."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from reader.town import Hands

from healthcloud_reader import DeviceCode, PublicKey, Unreadable, check_device, parse
from healthcloud_reader.keys import Algorithm
from healthcloud_reader.offline import Folder, Reader, SetUp

HERE = Path(__file__).parent
CODES, LISTS = HERE / "vectors" / "codes.json", HERE / "vectors" / "lists.json"
VECTORS: dict[str, Any] = json.loads(CODES.read_text())
STORIES: dict[str, Any] = json.loads(LISTS.read_text())
TRUSTED = {
    city["id"]: PublicKey(Algorithm(city["algorithm"]), bytes.fromhex(city["public"])) for city in VECTORS["cities"]
}


def test_keys_are_named_as_published() -> None:
    assert all(key.id == name for name, key in TRUSTED.items())


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=[v["what"] for v in VECTORS["codes"]])
def test_a_published_code_reads_as_published(vector: dict[str, Any]) -> None:
    try:
        code = parse(vector["text"])
    except Unreadable as error:
        found: object = error.reason.value
    else:
        assert isinstance(code, DeviceCode)
        reason = check_device(code, TRUSTED)
        found = (reason.value if reason else "genuine", code.signed.certificate.live_at(code.step))
        assert code.text == vector["text"]
        assert code.signed.certificate.body().hex() == vector["body"]
    assert found == vector.get("unreadable", (vector.get("check"), vector.get("live")))


@pytest.mark.parametrize("story", STORIES["stories"], ids=[story["what"] for story in STORIES["stories"]])
def test_a_published_story_goes_as_published(story: dict[str, Any], tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.keep_set_up(SetUp("http://city.invalid", story["first_key"], "T1", "010101"))
    folder.close()
    hands = Hands()
    with Reader(tmp_path, clock=hands.clock) as reader:
        assert [taken(reader, one) for one in story["given"]] == [one["taken"] for one in story["given"]]
        for scan in story["scans"]:
            hands.wall = scan["at"]
            answer = reader.scan(scan["text"], scan["scene"])
            assert (answer.outcome.value, answer.why and answer.why.value) == (scan["outcome"], scan["why"])


def taken(reader: Reader, given: dict[str, Any]) -> str:
    try:
        if given["kind"] == "trust":
            reader.take_trust(given["list"])
            return "taken"
        if given["kind"] == "snapshot":
            gap = reader.take_revocations(given["list"], [])
        else:
            gap = reader.take_revocations(None, [given["list"]])
    except Unreadable as error:
        return error.reason.value
    return "gap" if gap else "taken"


@pytest.mark.city  # only because it needs the commands node and openssl, which `make city` installs
def test_a_second_reader_in_another_language_finds_the_same() -> None:
    command = ["node", str(HERE / "second_reader.mjs"), str(CODES), str(LISTS)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)  # noqa: S603 - our own
    for vector, told in zip(VECTORS["codes"], found["codes"], strict=True):
        if "unreadable" in vector:
            assert told == {"unreadable": vector["unreadable"]}, vector["what"]
        else:
            expected = {"check": vector["check"], "live": vector["live"], "body": vector["body"]}
            assert told == expected | {"name": vector["fields"]["name"]}, vector["what"]
    for story, told in zip(STORIES["stories"], found["stories"], strict=True):
        assert told["taken"] == [one["taken"] for one in story["given"]], story["what"]
        assert told["scans"] == [" ".join(filter(None, (one["outcome"], one["why"]))) for one in story["scans"]]
