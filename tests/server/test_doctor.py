"""The doctor: one line for each thing, with its remedy; bad things end with 1."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fixtures.databases import Copy

from healthcloud.core.settings import Settings
from healthcloud.server.cli.exits import Exit
from healthcloud.server.diagnosis import State, machine_findings

Command = Callable[..., Any]


def by_check(said: Any) -> dict[str, dict[str, str]]:
    return {line["check"]: line for line in said.json}


def test_a_sound_city_has_no_fault(command: Command) -> None:
    said = command("doctor", "--json")
    lines = by_check(said)
    assert said.code == Exit.DONE
    sound = ("settings", "keys", "disk", "database", "migrations", "partitions", "sealer", "jobs")
    assert {check: lines[check]["state"] for check in sound} == dict.fromkeys(sound, "good")
    assert {"clock", "sms", "registry"} < lines.keys()


def test_what_is_not_good_has_a_remedy(command: Command) -> None:
    assert all(line["remedy"] for line in command("doctor", "--json").json if line["state"] != "good")


def test_a_database_that_does_not_answer(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHCLOUD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setattr("healthcloud.server.composition.PATIENCE_SECONDS", 0.1)
    said = command("doctor", "--json")
    assert said.code == Exit.FAILED
    assert by_check(said)["database"]["state"] == "bad"


def test_a_partner_that_cannot_be_reached(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHCLOUD_SMS_URL", "http://127.0.0.1:1")
    said = command("doctor", "--json")
    assert (said.code, by_check(said)["sms"]["state"]) == (Exit.FAILED, "bad")


def test_a_clock_that_was_moved(tmp_path: Path) -> None:
    findings = {one.check: one for one in machine_findings(Settings(var=tmp_path, clock_offset_seconds=60))}
    assert findings["clock"].state is State.WARNING


def test_keys_that_others_can_read(command: Command, tmp_path: Path) -> None:
    command("keys", "create")
    (tmp_path / "var" / "keys.json").chmod(0o644)
    said = command("doctor", "--json")
    assert by_check(said)["keys"]["state"] == "bad"
    assert "chmod 600" in by_check(said)["keys"]["remedy"]


async def _run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture
async def without_months(fresh_copy: Copy) -> None:
    await _run(
        fresh_copy.owner_url,
        "DO $$ DECLARE part regclass; BEGIN FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent ="
        " 'cards.uses'::regclass LOOP EXECUTE 'DROP TABLE ' || part; END LOOP; END $$",
    )


@pytest.mark.usefixtures("without_months")
def test_a_month_without_its_partition(command: Command) -> None:
    said = command("doctor", "--json")
    assert (said.code, by_check(said)["partitions"]["state"]) == (Exit.FAILED, "bad")


@pytest.fixture
async def with_a_dead_job(fresh_copy: Copy) -> None:
    await _run(
        fresh_copy.owner_url,
        "INSERT INTO core.dead_jobs (id, kind, priority, body, attempts, last_error, created_at, died_at) VALUES"
        " ('00000000-0000-7000-8000-000000000001', 'channels.send', 0, '{}', 8, 'TextUndelivered', now(), now())",
    )


@pytest.mark.usefixtures("with_a_dead_job")
def test_a_job_that_died_can_be_looked_at_and_put_back(command: Command) -> None:
    assert by_check(command("doctor", "--json"))["jobs"]["state"] == "warning"
    (dead,) = command("jobs", "dead", "--json").json
    assert dead["kind"] == "channels.send"
    assert command("jobs", "replay", dead["id"]).code == Exit.DONE
    assert command("jobs", "dead", "--json").json == []
    assert [one["queue"] for one in command("jobs", "list", "--json").json if one["kind"] == "waiting"] == [
        "channels.send"
    ]
