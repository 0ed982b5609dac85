"""The hospital simulator passes the suite whole; for each rule it breaks exactly the case fails that is to."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from healthcloud.server import cli
from healthcloud.server.cli.exits import Exit
from healthcloud_reader.conformance import verify_report
from healthcloud_simulators.hospital.serving import HospitalServer

pytestmark = pytest.mark.city

OWN, C = "own", "family-c"


async def play(url: str, hospital: HospitalServer, face: str, *cases: str) -> dict[str, Any]:
    """Have the city try the hospital; return the report, its signature verified."""
    wish = {"driver": f"http://127.0.0.1:{hospital.server_port}", "face": face, "cases": cases}
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        answer = await client.post("/sandbox/conformance/run", json=wish)
        assert answer.status_code == 200, answer.text
        keys = (await client.get("/sandbox/conformance/keys.json")).json()
    file = json.loads(answer.text.splitlines()[-1])["file"]
    report, key = verify_report(json.dumps(file).encode())
    assert key.id in {one["key"] for one in keys}
    return report


def verdicts(report: dict[str, Any], verdict: str) -> set[str]:
    """Return the cases that came to this, of those the face has."""
    return {one["id"] for one in report["cases"] if one["verdict"] == verdict and one["applies"]}


@pytest.mark.parametrize("face", [OWN, C])
async def test_the_simulator_passes_whole(url: str, hospital: HospitalServer, face: str) -> None:
    report = await play(url, hospital, face)
    assert [one for one in report["cases"] if one["applies"] and one["verdict"] != "passed"] == []
    assert report["is_passed"] is True
    named = {call for case in report["cases"] for one in case["expectations"] for call in one["evidence"]}
    assert named <= report["calls"].keys()
    assert named


@pytest.mark.parametrize(
    ("face", "rule", "failing", "cases"),
    [
        (OWN, "wrong-clock", {"trust.clock"}, ()),
        (OWN, "wrong-signature", {"trust.signature"}, ()),
        (OWN, "signs-before-encoding", {"trust.signature"}, ()),
        (OWN, "reuses-nonce", {"trust.nonce"}, ()),
        (OWN, "sends-twice", {"open-card.once"}, ("open-card.first", "open-card.once")),
        (OWN, "defaults-ethnicity", {"open-card.as-told"}, ("open-card.first", "open-card.as-told")),
        (OWN, "does-not-bind", {"register.window", "bind.old-number"}, ("register.window", "bind.old-number")),
        (OWN, "ignores-second-scan", {"day.every-room"}, ("day.every-room",)),
        (OWN, "wrong-person-at-twins", {"twins.apart"}, ("twins.apart", "foreigner.passport")),
        (OWN, "registers-newborn-as-mother", {"newborn.own-card"}, ("newborn.own-card",)),
        (OWN, "loses-queue", {"down.sent-later"}, ("down.sent-later",)),
        (C, "wrong-clock", {"trust.clock"}, ()),
        (C, "reuses-nonce", {"trust.clock"}, ()),
        (C, "wrong-signature", {"trust.signature"}, ()),
        (C, "changes-card", {"correct.same-card"}, ("correct.same-card",)),
        (C, "drops-usage", {"usage.complete"}, ("usage.complete", "usage.same-day")),
        (C, "uploads-yesterday", {"usage.same-day"}, ("usage.complete", "usage.same-day")),
        (C, "ignores-refusal", {"answer.signature"}, ("answer.signature",)),
    ],
)
async def test_a_broken_rule_fails_where_it_should(
    url: str, hospital: HospitalServer, face: str, rule: str, failing: set[str], cases: tuple[str, ...]
) -> None:
    hospital.hospital.broken.names = {rule}
    report = await play(url, hospital, face, *cases)
    assert verdicts(report, "failed") == failing
    assert report["is_passed"] is False


async def test_the_command_tries_and_verifies(
    url: str, hospital: HospitalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a hospital that keeps every rule but one
    hospital.hospital.broken.names = {"sends-twice"}
    driver, file = f"http://127.0.0.1:{hospital.server_port}", tmp_path / "report.json"
    asked = ["conformance", "run", driver, "--city", url, "--case", "open-card.once", "--report", str(file)]
    # Then the command ends as failed and tells which
    assert await asyncio.to_thread(cli.run, asked) == Exit.FAILED
    rows = [line.split("\t")[::2][:2] for line in capsys.readouterr().out.splitlines()]
    assert ["open-card.once", "未通过"] in rows
    # And with the rule kept the case passes; a report of some cases is signed, and no pass
    hospital.hospital.broken.names = set()
    assert await asyncio.to_thread(cli.run, asked) == Exit.DONE
    assert await asyncio.to_thread(cli.run, ["conformance", "verify", str(file)]) == Exit.FAILED
    assert "全部通过\t否" in capsys.readouterr().out
    # And a sandbox that is not there, and a case that is none, are told
    assert await asyncio.to_thread(cli.run, [*asked[:4], "http://127.0.0.1:9"]) == Exit.TRY_LATER
    assert await asyncio.to_thread(cli.run, [*asked[:5], "--case", "none"]) == Exit.USAGE
