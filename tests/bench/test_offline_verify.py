"""The bench of offline verification at its smallest: it proves texts, and would notice one that is not."""

import sys
from pathlib import Path
from typing import Any, cast

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench import offline_verify

from healthcloud.core.crypto import Algorithm
from healthcloud_reader import check_device, parse


def test_both_promises_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline_verify, "PHONES", 4)
    monkeypatch.setattr(offline_verify.signed_texts, "__defaults__", (4,))
    rows = offline_verify.measure(cast("Any", None), 0.02, 1)
    assert [row.promise for row in rows] == ["≥ 2,000 codes/s a core", "≥ 8,000 codes/s a core"]
    assert all("codes/s of CPU" in row.found for row in rows)


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.P256_SHA256, Algorithm.ED25519])
def test_its_texts_are_genuine(algorithm: Algorithm) -> None:
    key, [text] = offline_verify.signed_texts(algorithm, 1)
    assert check_device(parse(text), {key.id: key}) is None  # type: ignore[arg-type]  # a device-signed code
