"""The suite without a city: each case can fail, journals are read, an altered report is no report."""

import json
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from healthcloud import conformance, sandbox
from healthcloud.conformance import Stage
from healthcloud.conformance.model import Acted
from healthcloud.conformance.report import PURPOSES, signed_report
from healthcloud.conformance.seen import FAMILY_C, OWN
from healthcloud.core.crypto import PublicKey, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud_reader.conformance import ReportWrong, verify_report

NO_DATABASE: Database = cast("Any", None)  # an idle stage asks none


class Idle(Stage):
    """A stage whose city saw nothing, whatever the hospital says it did."""

    async def act(self, name: str, **wish: Any) -> Acted:
        """Tell that all went well."""
        return Acted({"act": name, "ok": True, "result": {"patient": "P1", "bound": "P1"}, "wish": len(wish)}, [])

    async def _switch(self, wish: sandbox.Switches) -> None:
        assert wish.face == self.face

    def today(self) -> str:
        """Return a day."""
        return "2026-11-23"


def citizens() -> list[sandbox.Citizen]:
    kinds = [*["no-card"] * 8, "minority", "foreigner", "twin-a", "twin-b", "newborn"]
    return [
        sandbox.Citizen(number=n, why=why, name=f"某{n}", id_kind="01", id_number=f"37040219000101{n:04d}", sex="2",
                        birth_date="1900-01-01", mother="某1" if why == "newborn" else "")
        for n, why in enumerate(kinds, 1)
    ]  # fmt: skip


def call(**more: Any) -> sandbox.Call:
    given: dict[str, Any] = {
        "id": UUID(int=7),
        "at": datetime(2026, 11, 23, tzinfo=UTC),
        "face": OWN,
        "method": "POST",
        "target": "/api/v1/people",
        "key": "k",
        "institution_id": None,
        "status": 201,
        "outcome": "",
        "took_ms": 1,
        "switched": [],
        "asked_headers": b"{}",
        "asked": b"{}",
        "told_headers": b"{}",
        "told": b"{}",
        "signed": b"POST\n/api/v1/people\n1\nn1\nd\n",
        "form": "lines",
    }
    return sandbox.Call(**(given | more))


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda one: one.id)
async def test_no_case_believes_the_hospital(case: conformance.Case) -> None:
    async with httpx.AsyncClient() as driver:
        stage = Idle(NO_DATABASE, driver, case.faces[0], citizens())
        alone = conformance.Case(case.id, case.chapter, case.zh, case.en, case.play, case.faces, needs=())
        found = [one async for one in conformance.case_outcomes(stage, [alone])]
    assert [one.verdict for one in found] == [conformance.Verdict.FAILED]
    assert found[0].why.zh
    assert found[0].why.en


async def test_what_is_needed_comes_first_and_fails_for_all() -> None:
    cases = conformance.chosen_cases(["usage.complete"])
    wanted = ["trust.clock", "trust.signature", "trust.nonce", "open-card.first", "scan.each-step", "usage.complete"]
    assert [one.id for one in cases] == wanted
    async with httpx.AsyncClient() as driver:
        stage = Idle(NO_DATABASE, driver, FAMILY_C, citizens())
        found = [one async for one in conformance.case_outcomes(stage, cases)]
    assert [str(one.verdict) for one in found] == ["failed", *["not-run"] * 5]
    with pytest.raises(conformance.CaseUnknown):
        conformance.chosen_cases(["no.case"])


def test_every_need_stands_before_its_case() -> None:
    ids = [one.id for one in conformance.CASES]
    assert len(set(ids)) == len(ids)
    assert all(ids.index(need) < n for n, one in enumerate(conformance.CASES) for need in one.needs)


def test_a_call_of_our_own_api_is_read() -> None:
    asked = {"documents": [{"kind": "01", "number": "37"}], "ethnicity": "03"}
    seen = conformance.seen_of(call(asked=json.dumps(asked).encode(), told=b'{"person_id":"p"}'))
    assert [(one.deed, one.ok, one.nonce) for one in seen] == [("register", True, "n1")]
    assert seen[0].facts == {"number": "37", "kind": "01", "ethnicity": "03", "person": "p"}
    refused = conformance.seen_of(call(status=401, told=b'{"code":"signature-wrong"}', asked=b"["))
    assert (refused[0].ok, refused[0].code) == (False, "signature-wrong")


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"documents":[1]}', b'{"documents":{"a":1},"birth":3}'])
@pytest.mark.parametrize("face", [OWN, FAMILY_C, "hl7"])
def test_what_cannot_be_read_is_still_a_call(face: str, content: bytes) -> None:
    seen = conformance.seen_of(call(face=face, status=400, asked=content, told=content, signed=content))
    assert [one.ok for one in seen] == [False]


def test_a_report_that_was_altered_is_no_report(tmp_path: Any) -> None:
    vault = Vault(create_development_keys(tmp_path / "keys.json", PURPOSES))
    file = json.dumps(signed_report(vault, {"is_passed": False, "cases": ["开卡"]}))
    report, key = verify_report(file.encode())
    assert report["is_passed"] is False
    assert verify_report(file.encode(), key)[1] == key
    for wrong in (file.replace("false", "true"), file.replace(key.id, "0" * 16), "{}", "[", '{"report":1}'):
        with pytest.raises(ReportWrong):
            verify_report(wrong.encode())
    with pytest.raises(ReportWrong):
        verify_report(file.encode(), PublicKey(key.algorithm, bytes(65)))
