"""`make run`: one port, everything printed, a tour that passes; stopping and starting again keeps everything."""

import json
import os
import stat
import threading
import time
from collections.abc import Callable

import httpx
from journeys.processes import RunningCity, wait_until

NewCity = Callable[[], RunningCity]


def test_the_city_says_where_everything_is(running_city: RunningCity) -> None:
    printed = running_city.var.with_suffix(".out").read_text()
    for expected in (running_city.url, "/scan", "/docs", "短信模拟器", "身份验证器", "clerk1", "窗口人员", "绑定码"):
        assert expected in printed
    for member in ("system", "security", "audit", "operator", "clerk2"):
        assert running_city.member(member).password in printed


def test_what_the_city_keeps_is_for_its_owner_alone(running_city: RunningCity) -> None:
    for path in (running_city.ledger.staff_file, running_city.ledger.hospital_file(1), running_city.var / "keys.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(running_city.ledger.folder.stat().st_mode) == 0o700


def test_the_doctor_finds_nothing_bad(running_city: RunningCity) -> None:
    findings = {one["check"]: one for one in running_city.json("doctor")}
    assert [one for one in findings.values() if one["state"] == "bad"] == []
    assert findings["partitions"]["state"] == "good"


def test_a_tour_passes(running_city: RunningCity) -> None:
    walked = running_city.json("tour")
    assert walked["ok"]
    got = [step["got"] for step in walked["steps"]]
    assert len(got) >= 18
    assert {"409 code-replayed", "409 card-frozen", "409 card-not-usable"} < set(got)


def test_the_chain_of_deeds_is_sound_after_all_that(running_city: RunningCity) -> None:
    assert running_city.json("audit", "verify")["sound"]


def test_every_administrator_signs_in_with_the_code_of_the_authenticator(running_city: RunningCity) -> None:
    member, shown = running_city.member("operator"), running_city.json("demo", "code", "operator")
    page = httpx.get(f"http://127.0.0.1:{running_city.port + 93}/codes.json", params={"login": "operator"})
    assert page.json()[0]["code"] in (shown["code"], member.code(time.time()))
    wish = {"login": "operator", "password": member.password, "code": member.code(time.time())}
    answer = httpx.post(f"{running_city.url}/api/v1/access/staff-sessions", json=wish)
    assert answer.status_code == 201


def test_a_second_city_in_the_same_place_is_refused(running_city: RunningCity) -> None:
    refused = running_city.command("demo", "run")
    assert refused.returncode == 5
    assert "[port-taken]" in refused.stderr
    elsewhere = running_city.command("demo", "run", "--port", str(RunningCity(running_city.var, 0).port))
    assert elsewhere.returncode == 5
    assert "[postgres-folder-in-use]" in elsewhere.stderr
    assert running_city.ready()


def test_two_workers_stay_small(running_city: RunningCity) -> None:
    workers = running_city.children("hc-worker")
    assert len(workers) == 2
    sizes = [_pss_kib(pid) for pid in workers]
    assert sum(sizes) < 250 * 1024


def _pss_kib(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:  # noqa: PTH123 - a kernel's file
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def test_measurements_of_all_workers_are_one(running_city: RunningCity) -> None:
    for _ in range(20):
        httpx.get(f"{running_city.url}/problems/not-found")
    lines = httpx.get(f"{running_city.url}/metrics").text.splitlines()
    line = next(one for one in lines if one.startswith("healthcloud_requests_total") and "/problems/" in one)
    assert float(line.rpartition(" ")[2]) >= 20


def test_stopping_and_starting_again_keeps_everything_and_loads_nothing(new_city: NewCity) -> None:
    city = new_city()
    city.start()
    before = _rows(city)
    staff, machine = city.ledger.staff_file.read_bytes(), city.ledger.hospital_file(1).read_bytes()
    assert city.stop() == 0
    assert not city.ready()
    started = time.monotonic()
    city.start()
    assert time.monotonic() - started < 20
    assert _rows(city) == before
    assert (city.ledger.staff_file.read_bytes(), city.ledger.hospital_file(1).read_bytes()) == (staff, machine)
    assert city.json("tour")["ok"]


def test_a_backup_holds_the_city_and_is_a_city_again(new_city: NewCity) -> None:
    city = new_city()
    city.start()
    backup = city.var.with_name("backup")
    made = city.json("backup", str(backup))
    assert made["rows"]["people.persons"] >= 1000
    city.stop()
    keys = (city.var / "keys.json").read_bytes()
    restored = RunningCity(city.var.with_name("restored"), 0)
    restored.var.mkdir(mode=0o700)
    assert restored.command("restore", str(backup)).returncode == 0
    path = restored.var / "keys.json"
    path.write_bytes(keys)
    os.chmod(path, 0o600)  # noqa: PTH101 - as an administrator does
    assert json.loads(restored.command("db", "check", "--json").stdout) == []
    assert restored.json("audit", "verify")["sound"]
    assert len(restored.json("institution", "list")) == len(restored.json("institution", "list"))


def _rows(city: RunningCity) -> tuple[int, int, int]:
    return (
        len(city.json("institution", "list")),
        len(city.json("staff", "list")),
        len(city.json("client", "list")),
    )


def test_a_renewal_keeps_answering(running_city: RunningCity) -> None:
    """Given visitors all the time, when the city's processes are renewed, then nobody is turned away."""
    before = set(running_city.children("hc-worker"))
    faults: list[str] = []
    answered, over = 0, False

    def visit() -> None:
        nonlocal answered
        while not over:
            try:
                answer = httpx.get(f"{running_city.url}/healthz", timeout=10, trust_env=False)
            except httpx.HTTPError as error:
                faults.append(repr(error))
            else:
                answered += answer.status_code == httpx.codes.OK

    visitor = threading.Thread(target=visit)
    visitor.start()
    running_city.renew()
    wait_until(lambda: len(now := set(running_city.children("hc-worker"))) == len(before) and not now & before)
    over = True
    visitor.join(30)
    assert faults == []
    assert answered > 20
