"""The SMS simulator speaks the aggregator's protocol, says that it is a simulator, and shows what was sent."""

import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from fixtures.http import Serve

from healthcloud_simulators import sms
from healthcloud_simulators.options import Options

KEY = "a key of this test"
PATH = "/v1/messages"


def signed(body: bytes, *, key: str = KEY, path: str = PATH, at: float | None = None) -> dict[str, str]:
    timestamp, nonce = str(int(at or time.time())), secrets.token_hex(16)
    text = f"POST\n{path}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n"
    signature = hmac.digest(key.encode(), text.encode(), "sha256").hex()
    return {"X-App-Id": "test", "X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}


def message(reference: str = "r-1", text: str = "验证码 123456", phone: str = "13800000000") -> bytes:
    return json.dumps({"phone": phone, "text": text, "reference": reference}).encode()


async def send(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.post(PATH, content=body, headers=signed(body))


@pytest.fixture
async def simulator(serve: Serve) -> httpx.AsyncClient:
    return await serve(sms.create_app(Options(KEY)))


async def test_what_is_sent_is_shown_newest_first(simulator: httpx.AsyncClient) -> None:
    await send(simulator, message("r-1", "第一条 <b>粗</b>"))
    await send(simulator, message("r-2", "第二条", "13900000000"))
    listed = (await simulator.get("/messages.json")).json()
    assert [one["text"] for one in listed] == ["第二条", "第一条 <b>粗</b>"]
    of_one = (await simulator.get("/messages.json", params={"phone": "13800000000"})).json()
    assert [one["reference"] for one in of_one] == ["r-1"]
    page = await simulator.get("/")
    assert page.text.index("第二条") < page.text.index("第一条")
    assert "<b>粗" not in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_same_reference_is_one_message(simulator: httpx.AsyncClient) -> None:
    first = await send(simulator, message())
    again = await send(simulator, message())
    other = await send(simulator, message(text="another text"))
    assert (first.json()["duplicate"], again.json()["duplicate"]) == (False, True)
    assert other.status_code == 409
    assert len((await simulator.get("/messages.json")).json()) == 1


async def test_a_wrong_signature_sends_nothing(simulator: httpx.AsyncClient) -> None:
    body = message()
    headers = [
        {},
        signed(body, key="another key"),
        signed(body, path="/v1/other"),
        signed(body, at=time.time() - 301),
        signed(body) | {"X-Timestamp": "soon"},
        signed(body) | {"X-Nonce": "short"},
    ]
    answers = [await simulator.post(PATH, content=body, headers=one) for one in headers]
    answers.append(await simulator.post(PATH, content=message(text="altered"), headers=signed(body)))
    assert {answer.status_code for answer in answers} == {401}
    assert (await simulator.get("/messages.json")).json() == []


async def test_it_fails_as_told(simulator: httpx.AsyncClient) -> None:
    await simulator.put("/behaviour", json={"fail_next": 1, "refused": ["13900000000"], "delay_seconds": 0.05})
    started = time.perf_counter()
    assert (await send(simulator, message())).status_code == 503
    assert time.perf_counter() - started >= 0.05
    assert (await send(simulator, message())).status_code == 200
    assert (await send(simulator, message("r-2", phone="13900000000"))).status_code == 422
    assert (await send(simulator, b"{}")).status_code == 400


async def test_every_answer_says_that_it_is_a_simulators(simulator: httpx.AsyncClient) -> None:
    answers = [await simulator.get(path) for path in ("/", "/messages.json", "/nothing")]
    answers.append(await simulator.post(PATH))
    assert {answer.headers["X-Simulator"] for answer in answers} == {"sms"}


async def test_a_file_keeps_messages_over_a_restart(serve: Serve, tmp_path: Path) -> None:
    options = Options(KEY, tmp_path / "sms.jsonl")
    await send(await serve(sms.create_app(options)), message())
    restarted = await serve(sms.create_app(options))
    assert (await send(restarted, message())).json()["duplicate"] is True
    assert [one["reference"] for one in (await restarted.get("/messages.json")).json()] == ["r-1"]


def test_the_command_line_names_its_simulators() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "healthcloud_simulators", "--help"], capture_output=True, text=True, check=True
    )
    assert "sms" in told.stdout
