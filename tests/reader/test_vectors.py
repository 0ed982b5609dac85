"""The published vectors read as published, here and in a second implementation in JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthcloud_reader import DeviceCode, PublicKey, Unreadable, check_device, parse
from healthcloud_reader.keys import Algorithm

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "codes.json").read_text())
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
