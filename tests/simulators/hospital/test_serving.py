"""The hospital over HTTP: what can be asked, and what is no request."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from healthcloud_simulators.hospital.acts import Hospital
from healthcloud_simulators.hospital.link import NAMES, Link
from healthcloud_simulators.hospital.serving import HospitalServer


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A hospital without a city."""
    hospital = Hospital(Link("http://127.0.0.1:9"), {}, {})
    server = HospitalServer(hospital, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", trust_env=False) as client:
        yield client
    server.shutdown()
    server.server_close()
    thread.join()
    hospital.link.client.close()


def test_it_tells_its_acts_and_rules(client: httpx.Client) -> None:
    told = client.get("/").json()
    assert {"open-card", "register", "scan", "bind-number", "report-usage", "day", "send-kept"} <= set(told["acts"])
    assert told["rules"] == NAMES


def test_rules_are_broken_by_name(client: httpx.Client) -> None:
    assert client.put("/broken", json={"rules": ["wrong-clock", "no-rule"]}).json() == {"unknown": ["no-rule"]}
    assert client.get("/").json()["broken"] == ["wrong-clock"]


def test_what_is_no_request_is_answered(client: httpx.Client) -> None:
    assert client.post("/do", content=b"{").status_code == 400
    assert client.post("/do", json=["act"]).status_code == 400
    assert client.post("/elsewhere", json={}).status_code == 404
    assert client.post("/do", json={"act": "fly"}).json()["ok"] is False
    assert "KeyError" in client.post("/do", json={"act": "scan", "face": "own"}).json()["fault"]
