"""The command line: exit codes, data apart from words, no traceback, nothing dangerous unasked."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fixtures.servers import Make

from healthcloud.core.errors import Conflict, Forbidden, NotFound, Problem, TooMany, Unauthenticated, Unavailable
from healthcloud.core.postgres import Citus, on_database
from healthcloud.server.cli.exits import Exit, exit_of

Command = Callable[..., Any]
HOSPITAL = ("institution", "add", "演示医院", "--number", "other=D1", "--class", "A100", "--ownership", "1")


def open_hospital(command: Command) -> str:
    assert command("codes", "load").code == Exit.DONE
    added = command(*HOSPITAL, "--district", "370402", "--json")
    assert added.code == Exit.DONE
    return str(added.json["id"])


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Problem, 1),
        (NotFound, 1),
        (Forbidden, 4),
        (Unauthenticated, 4),
        (Conflict, 5),
        (TooMany, 75),
        (Unavailable, 75),
    ],
)
def test_each_kind_of_problem_has_its_exit_code(problem: type[Problem], code: int) -> None:
    assert exit_of(problem()) == code


def test_a_wrong_command_is_a_usage_error(command: Command) -> None:
    assert command("nonsense").code == Exit.USAGE
    assert command("db", "url", "--role", "nobody").code == Exit.USAGE
    assert command().code == Exit.USAGE


def test_help_is_chinese_and_json_keys_are_english(command: Command) -> None:
    helped = command("--help")
    assert helped.code == Exit.DONE
    assert "健康云" in helped.out
    assert command("version", "--json").json.keys() == {"program", "api", "migration", "python"}


def test_a_problem_is_told_in_both_languages_with_its_code_and_no_traceback(command: Command) -> None:
    said = command("staff", "leave", "nobody", "--yes")
    assert said.code == Exit.FAILED
    assert said.out == ""
    assert "没有这个登录名的工作人员" in said.err
    assert "No member of staff has this login name" in said.err
    assert "[staff-not-found]" in said.err
    assert "Traceback" not in said.err


def test_what_nobody_foresaw_is_told_without_what_was_typed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("could not read '370402190001010015'")

    monkeypatch.setattr("healthcloud.server.cli.keys.open_keys", broken)
    said = command("keys", "list")
    assert said.code == Exit.FAILED
    assert "[internal-error]" in said.err
    assert "370402190001010015" not in said.err


def test_a_wrong_setting_is_named_without_its_value(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHCLOUD_SMS_KEY", "secret-of-the-aggregator")
    monkeypatch.setenv("HEALTHCLOUD_PORT", "secret-number")
    said = command("db", "check")
    assert said.code == Exit.FAILED
    assert "HEALTHCLOUD_PORT" in said.err
    assert "secret" not in said.err


def test_production_is_refused_with_a_sentence_for_each_fault(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHCLOUD_PRODUCTION", "true")
    said = command("serve")
    assert said.code == Exit.FAILED
    assert said.err.count("HEALTHCLOUD_") >= 5
    assert command("demo", "run").code == Exit.CONFLICT
    assert command("demo", "load").code == Exit.CONFLICT


def test_the_schema_is_checked_and_migrated(command: Command) -> None:
    assert command("db", "check").code == Exit.DONE
    assert command("db", "migrate", "--json").json == []
    assert command("db", "url").out.startswith("postgresql://healthcloud_app:")
    assert {"people.persons", "cards.uses"} <= {row["name"] for row in command("db", "size", "--json").json}


def test_without_citus_nothing_is_spread_and_the_steps_are_told(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = command("db", "distribute")
    assert (said.code, said.out) == (Exit.DONE, "")
    assert "没有 Citus" in said.err
    dry = command("db", "distribute", "--dry-run")
    assert "SELECT create_distributed_table('people.persons', 'id', colocate_with => 'none');\n" in dry.out
    assert dry.out.index("DROP CONSTRAINT") < dry.out.index("create_reference_table") < dry.out.index("NOT VALID")

    async def available(_: object) -> Citus:
        return Citus.AVAILABLE

    monkeypatch.setattr("healthcloud.server.cli.db.citus_of", available)
    assert "CREATE EXTENSION citus" in command("db", "distribute").err


def test_data_goes_to_stdout_and_words_to_stderr(command: Command) -> None:
    open_hospital(command)
    listed = command("institution", "list")
    assert "演示医院" in listed.out
    assert "1 个机构" not in listed.out
    assert "1 个机构" in listed.err
    assert [one["name"] for one in command("institution", "list", "--json").json] == ["演示医院"]


def test_entering_a_hospital_again_makes_no_second(command: Command) -> None:
    first = open_hospital(command)
    again = command(*HOSPITAL, "--district", "370402", "--json").json
    assert (again["id"], again["created"]) == (first, False)
    assert command(*HOSPITAL, "--district", "370403").code == Exit.CONFLICT
    assert command(*HOSPITAL[:3], "--number", "D1", "--class", "A", "--ownership", "1", "--district", "3").code == 2


def test_a_terminal_is_enrolled_bound_and_retired(command: Command) -> None:
    open_hospital(command)
    enrolled = command("terminal", "enrol", "D1", "挂号1窗", "--json").json
    assert len(enrolled["code"]) == 11
    client = command("client", "create", "D1", "HIS", "--scope", "cards.verify", "--json").json["client_id"]
    key = command("client", "key", "add", client, "--output", "/dev/null/none", "--json")
    assert key.code == Exit.FAILED
    refused = command("terminal", "retire", enrolled["terminal_id"])
    assert (refused.code, "[confirmation-missing]" in refused.err) == (Exit.CONFLICT, True)
    assert command("terminal", "retire", enrolled["terminal_id"], "--yes").code == Exit.DONE
    assert [one["state"] for one in command("terminal", "list", "D1", "--json").json] == ["retired"]


def test_a_key_goes_into_a_new_file_for_its_owner_alone(command: Command, tmp_path: Path) -> None:
    open_hospital(command)
    client = command("client", "create", "D1", "HIS", "--scope", "cards.verify", "--json").json["client_id"]
    file = tmp_path / "key.json"
    said = command("client", "key", "add", client, "--output", str(file), "--json")
    kept = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept["secret"] not in said.out + said.err
    assert command("client", "key", "add", client, "--output", str(file)).code == Exit.CONFLICT
    assert command("client", "key", "add", client, "--output", str(tmp_path / "two.json")).code == Exit.DONE
    third = command("client", "key", "add", client, "--output", str(tmp_path / "three.json"))
    assert third.code == Exit.CONFLICT
    assert not (tmp_path / "three.json").exists()
    assert command("client", "key", "revoke", client, kept["key_id"], "--yes").code == Exit.DONE
    assert [bool(one["revoked_at"]) for one in command("client", "key", "list", client, "--json").json] == [True, False]


def test_staff_are_invited_by_a_link_and_leave(command: Command) -> None:
    open_hospital(command)
    invited = command("staff", "invite", "zhang.san", "张三", "--institution", "D1", "--role", "clerk", "--json").json
    assert "/staff/enrol#" in invited["link"]
    assert command("staff", "invite", "zhang.san", "另一位").code == Exit.CONFLICT
    assert command("staff", "leave", "zhang.san").code == Exit.CONFLICT
    assert command("staff", "leave", "zhang.san", "--yes").code == Exit.DONE
    assert [one["state"] for one in command("staff", "list", "--json").json] == ["left"]


def test_codes_with_rejected_rows_are_done_with_code_three(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "drugs.csv"
    file.write_text("code,name\nA1,阿司匹林\n,没有代码\nA1,另一种\n", encoding="utf-8")
    wish = ("codes", "import", str(file), "--set", "drug", "--version", "1")
    tried = command(*wish, "--dry-run", "--json")
    assert (tried.code, command("codes", "list", "--json").json) == (Exit.REJECTED_ROWS, [])
    said = command(*wish, "--json")
    assert said.code == Exit.REJECTED_ROWS
    assert (said.json["added"], said.json["rejected"]) == (1, 2)
    assert Path(said.json["rejected_file"]).exists()


def test_a_set_is_written_out_and_taken_back_unchanged(command: Command, tmp_path: Path) -> None:
    assert command("codes", "export", "sex").code == Exit.FAILED
    assert command("codes", "load").code == Exit.DONE
    said, file = command("codes", "export", "sex"), tmp_path / "sex.csv"
    assert said.code == Exit.DONE
    file.write_text(said.out, encoding="utf-8")
    again = command("codes", "import", str(file), "--set", "sex", "--version", "2", "--dry-run", "--json").json
    assert (again["changed"], again["rejected"], again["added"]) == (0, 0, len(said.out.splitlines()) - 1)
    assert again["added"] > 1


def test_jobs_that_died_can_be_seen_and_a_missing_one_is_said(command: Command) -> None:
    assert command("jobs", "list", "--json").json == []
    # A step that cannot be taken yet; what is to follow it is written first.
    assert command("keys", "promote", "people.face", "--yes").code == Exit.CONFLICT
    standing = command("jobs", "list", "--json").json
    assert {(one["kind"], one["queue"], one["waiting"]) for one in standing} >= {("waiting", "people.reseal", 1)}
    assert command("jobs", "dead", "--json").json == []
    assert command("jobs", "replay", str(uuid4())).code == Exit.FAILED
    assert command("jobs", "discard", str(uuid4())).code == Exit.CONFLICT
    assert command("jobs", "discard", str(uuid4()), "--yes").code == Exit.FAILED


def test_the_chain_of_deeds_is_verified(command: Command) -> None:
    open_hospital(command)
    assert command("audit", "export-head", "--json").json[0]["seq"] == 1
    said = command("audit", "verify", "--json")
    assert (said.code, said.json["sound"], said.json["blocks"]) == (Exit.DONE, True, 1)


def test_keys_are_listed_without_a_secret_and_rotate_step_by_step(command: Command) -> None:
    lines = command("keys", "list", "--json").json
    assert {"purpose", "use", "number", "algorithm", "state", "created", "changed"} == lines[0].keys()
    early = command("keys", "promote", "people.face", "--yes")
    assert early.code == Exit.CONFLICT
    assert "[rotation-refused]" in early.err


def test_only_a_retired_key_is_readmitted(command: Command) -> None:
    assert command("keys", "readmit", "people.face", "1").code == Exit.CONFLICT
    refused = command("keys", "readmit", "people.face", "1", "--yes")
    assert (refused.code, "[rotation-refused]" in refused.err) == (Exit.CONFLICT, True)


def test_a_server_of_ones_own_is_prepared_migrated_and_prepared_again(
    command: Command, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make()
    server.start()
    monkeypatch.setenv("HEALTHCLOUD_SUPERUSER_URL", server.superuser_url)
    place = on_database(server.superuser_url, "city").partition("@")[2]
    for name, role in (("DATABASE_URL", "app"), ("OWNER_DATABASE_URL", "owner")):
        monkeypatch.setenv(f"HEALTHCLOUD_{name}", f"postgresql://healthcloud_{role}:p%40ss-{role}@{place}")
    for _ in range(2):
        said = command("db", "prepare")
        assert (said.code, "p@ss" in said.err + said.out) == (Exit.DONE, False)
        assert command("db", "migrate").code == Exit.DONE
    assert command("db", "check").code == Exit.DONE


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("OWNER_DATABASE_URL", "postgresql://postgres:x@localhost/city", "healthcloud_owner"),
        ("OWNER_DATABASE_URL", "postgresql://healthcloud_owner:x@localhost/other", "different"),
        ("DATABASE_URL", "postgresql://healthcloud_app@localhost/city", "password"),
        ("DATABASE_URL", "", "not-outside"),
    ],
)
def test_addresses_that_do_not_fit_are_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, url: str, told: str
) -> None:
    monkeypatch.setenv("HEALTHCLOUD_SUPERUSER_URL", "postgresql://nobody:nothing@localhost:1/postgres")
    monkeypatch.setenv("HEALTHCLOUD_DATABASE_URL", "postgresql://healthcloud_app:x@localhost/city")
    monkeypatch.setenv("HEALTHCLOUD_OWNER_DATABASE_URL", "postgresql://healthcloud_owner:x@localhost/city")
    if url:
        monkeypatch.setenv(f"HEALTHCLOUD_{name}", url)
    else:
        monkeypatch.delenv(f"HEALTHCLOUD_{name}")
    said = command("db", "prepare")
    assert said.code in (Exit.FAILED, Exit.CONFLICT)
    assert told in said.err


def test_backup_of_a_server_of_ones_own_is_refused(command: Command, tmp_path: Path) -> None:
    assert "[not-embedded]" in command("backup", str(tmp_path / "backup")).err
    assert command("restore", str(tmp_path)).code == Exit.FAILED


def test_a_tour_needs_a_city(command: Command) -> None:
    assert "[demonstration-not-loaded]" in command("tour").err
