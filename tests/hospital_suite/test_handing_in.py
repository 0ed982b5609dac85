"""A report of one institution, from the sandbox that signed it to the city that counts it."""

import json
from uuid import UUID

import httpx
import pytest

from healthcloud import onboarding
from healthcloud.core.caller import SYSTEM
from healthcloud.server.composition import City
from healthcloud.server.sandboxing.keys import read_keys
from healthcloud_simulators.hospital.serving import HospitalServer

pytestmark = pytest.mark.city


async def test_a_report_of_one_institution_is_its_evidence(trying: City, url: str, hospital: HospitalServer) -> None:
    first, second = read_keys(trying.settings)[:2]
    wish = {
        "driver": f"http://127.0.0.1:{hospital.server_port}",
        "cases": ["trust.nonce"],
        "institution_id": str(first.institution_id),
    }
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        nobody = await client.post("/sandbox/conformance/run", json=wish | {"institution_id": str(UUID(int=1))})
        assert (nobody.status_code, nobody.json()["code"]) == (404, "institution-unknown")
        answer = await client.post("/sandbox/conformance/run", json=wish)
    file = json.loads(answer.text.splitlines()[-1])["file"]
    assert {"kind": "platform", "number": first.code} in file["report"]["institution_numbers"]
    policy = onboarding.policy_of(trying.settings, trying.database)
    kept = await trying.database.transact(
        lambda tx: onboarding.keep_report(tx, SYSTEM, first.institution_id, file, policy)
    )
    assert "trust.nonce" in kept.passed
    with pytest.raises(onboarding.ReportOfAnother):
        await trying.database.transact(
            lambda tx: onboarding.keep_report(tx, SYSTEM, second.institution_id, file, policy)
        )
    async with trying.database.read() as read:
        standing = await onboarding.standing_of(read, SYSTEM, first.institution_id, policy)
    assert standing.state.steps[2].have == len(kept.passed)
    assert "trust.nonce" not in standing.state.steps[2].missing
