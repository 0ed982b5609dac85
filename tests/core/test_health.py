"""A supervisor, a load balancer and Prometheus get their answers; nobody else gets the measurements."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import APIRouter
from fixtures.callers import Gullible, city_of
from fixtures.http import Serve

from healthcloud.core.db import Database
from healthcloud.core.health import CHECKS, Check
from healthcloud.core.http import needs_nothing
from healthcloud.core.metrics import DECLARED, counter
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

router = APIRouter(prefix="/things", tags=["things"], dependencies=[needs_nothing("a test")])


@router.get("/{number}")
async def see(number: str) -> str:
    return number


async def _no(_: Database) -> bool:
    return False


WORN = Check("worn", "something is worn", "有部件老化", _no, vital=False)
GONE = Check("gone", "something is gone", "有部件缺失", _no)


async def test_a_ready_process_says_so(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database))
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready", "warnings": []}


async def test_a_warning_is_told_and_a_fault_keeps_traffic_away(database: Database, serve: Serve) -> None:
    warned = await serve(create_app(Settings(), database, Gullible(), checks=[*CHECKS, WORN]))
    answer = await warned.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["warnings"] == [{"pointer": "worn", "en": "something is worn", "zh": "有部件老化"}]
    broken = await serve(create_app(Settings(), database, Gullible(), checks=[WORN, GONE]))
    answer = await broken.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["gone"]
    assert answer.headers["retry-after"] == "2"


async def test_without_its_database_a_process_is_alive_but_not_ready(fresh_database: Database, serve: Serve) -> None:
    client = await serve(city_of(fresh_database))
    assert (await client.get("/readyz")).status_code == 200
    await fresh_database.close()
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert [fault["en"] for fault in answer.json()["errors"]] == ["the database does not answer"]


async def test_a_database_behind_the_program_is_not_ready(
    database: Database, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def behind(_: str) -> None:
        raise OSError

    monkeypatch.setattr("healthcloud.core.health.checks.check_migrations", behind)
    monkeypatch.setattr(CHECKS[1].holds, "_at", None)
    answer = await (await serve(city_of(database))).get("/readyz")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["migrations"]
    assert "healthcloud db migrate" in answer.json()["errors"][0]["en"]


async def test_measurements_name_routes_never_paths(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, router))
    await client.get("/api/v1/things/370402190001010015")
    await client.request("PROPFIND", "/api/v1/things/1")
    text = (await client.get("/metrics")).text
    assert 'healthcloud_requests_total{method="GET",route="/api/v1/things/{number}",status="200"}' in text
    assert 'method="OTHER"' in text
    assert 'healthcloud_problems_total{code="method-not-allowed"}' in text
    assert "370402190001010015" not in text
    assert "PROPFIND" not in text
    assert "_created" not in text


@pytest.mark.parametrize("proxied", [{"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=1"}, {"Via": "1.1 p"}])
async def test_measurements_are_for_this_machine_or_for_a_scope(
    database: Database, serve: Serve, proxied: dict[str, str]
) -> None:
    client = await serve(city_of(database))
    assert (await client.get("/metrics")).status_code == 200
    assert (await client.get("/metrics", headers=proxied)).status_code == 401
    operator = proxied | {"X-Test-Caller": "7 jobs.manage"}
    assert (await client.get("/metrics", headers=operator)).status_code == 200
    assert (await client.get("/metrics", headers=operator | {"X-Test-Caller": "7 x"})).status_code == 403


def test_one_worker_answers_for_all(tmp_path: Path) -> None:
    counting = "from healthcloud.core.metrics import PROBLEMS, exposition; PROBLEMS.labels('x').inc(2)"
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    told = ""
    for script in (counting, f"{counting}; print(exposition().decode())"):
        run = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True
        )
        told = run.stdout
    assert 'healthcloud_problems_total{code="x"} 4.0' in told


def test_a_metric_has_our_prefix_and_a_sentence() -> None:
    with pytest.raises(ValueError, match="other_things"):
        counter("other_things", "Things.")
    assert all(one.sentence.endswith(".") for one in DECLARED.values())
