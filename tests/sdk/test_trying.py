"""What is sent again, how long is waited before, and what is told when nothing helps."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from healthcloud_sdk import AsyncCity, City, Key, NoAnswer, NoKey, Refused, Retry, cards, people, station
from healthcloud_sdk.problems import CityFailed, Clash, NotSigned, OutcomeUnknown, TooMany, refused, seconds_of
from healthcloud_sdk.shapes import AnswerUnreadable
from healthcloud_sdk.trying import is_passing

KEY = Key("0198c0de-0000-7000-8000-000000000001", "HMAC-SM3", bytes(32))
PERSON = {"person_id": "01a20000-0000-7000-8000-000000000001", "created": True}
BUSY = {"code": "unavailable", "title": "Busy.", "title_zh": "忙。", "who_acts": "nobody", "status": 503}
REGISTERED = people.Registration("张三", documents=(people.Document("01", "370402190001010015"),))


class Script:
    """A city that answers from a list, and remembers what it was asked; waiting takes no time."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waits: list[float] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def city(self, retry: Retry | None = None, key: Key | None = KEY) -> City:
        http = httpx.Client(transport=httpx.MockTransport(self.answer))
        return City("http://city.test/", key, retry=retry or Retry(), http=http, sleep=self.waits.append)

    def async_city(self) -> AsyncCity:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return AsyncCity("http://city.test", KEY, http=http, sleep=sleep)


def busy(seconds: str = "2", status: int = 503, body: Any = BUSY) -> httpx.Response:
    return httpx.Response(status, json=body, headers={"Retry-After": seconds})


def done() -> httpx.Response:
    return httpx.Response(201, json=PERSON)


def test_a_busy_city_is_asked_again_after_what_it_said_with_the_same_key_and_a_new_nonce() -> None:
    script = Script(busy("2"), httpx.ReadTimeout("slow"), done())
    with script.city() as city:
        told = city.ask(people.register(REGISTERED))
    assert told.created
    first, second = script.waits
    assert 2.0 <= first <= 2.2
    assert 0.0 <= second <= 0.4
    keys = {one.headers["Idempotency-Key"] for one in script.asked}
    nonces = {re.findall('nonce="(.*?)"', one.headers["Authorization"])[0] for one in script.asked}
    assert (len(keys), len(nonces), len({one.content for one in script.asked})) == (1, 3, 1)


async def test_the_awaited_client_does_the_same() -> None:
    script = Script(busy("1"), httpx.ConnectError("gone"), done())
    async with script.async_city() as city:
        assert (await city.ask(people.register(REGISTERED, key="of-my-own-0001"))).created
    assert {one.headers["Idempotency-Key"] for one in script.asked} == {"of-my-own-0001"}
    assert len(script.waits) == 2


def test_a_wait_longer_than_patience_is_told_at_once() -> None:
    script = Script(busy("600"))
    with script.city() as city, pytest.raises(CityFailed) as caught:
        city.ask(cards.verify("x"))
    assert (caught.value.code, caught.value.retry_after, script.waits) == ("unavailable", 600.0, [])


def test_after_its_tries_it_gives_up_and_says_what_happened_last() -> None:
    script = Script(*[httpx.ConnectError("gone")] * 3)
    with script.city(Retry(tries=3)) as city, pytest.raises(NoAnswer):
        city.ask(cards.verify("x"))
    assert (len(script.asked), len(script.waits)) == (3, 2)


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Refused), (401, NotSigned), (403, Refused), (409, Clash), (500, CityFailed)]
)
def test_what_will_not_get_better_is_not_sent_again(status: int, kind: type[Refused]) -> None:
    script = Script(httpx.Response(status, json=BUSY | {"code": "card-frozen"}))
    with script.city() as city, pytest.raises(kind) as caught:
        city.ask(cards.verify("x"))
    assert (caught.value.code, caught.value.zh, len(script.asked)) == ("card-frozen", "忙。", 1)


def test_an_outcome_that_is_unknown_is_asked_for_again() -> None:
    failure = refused(503, json.dumps(BUSY | {"code": "outcome-unknown"}).encode(), None, datetime.now(UTC))
    assert isinstance(failure, OutcomeUnknown)
    assert is_passing(failure)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_waits_double_up_to_the_longest_and_are_a_random_share(chance: float) -> None:
    retry = Retry(tries=9, shortest=0.2, longest=1.0)
    waits = [retry.wait(sent, NoAnswer(), chance) for sent in range(1, 10)]
    whole = [0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert waits == [pytest.approx(one * chance) for one in whole] + [None]


def test_a_problem_says_who_must_act_and_which_field() -> None:
    errors = [{"pointer": "#/name", "en": "is required", "zh": "必填"}]
    told = {"code": "unacceptable", "title": "No.", "title_zh": "不。", "who_acts": "developer", "errors": errors}
    problem = refused(422, json.dumps(told | {"shape": "S", "request_id": "r"}).encode(), None, datetime.now(UTC))
    assert (problem.en, problem.zh, problem.who_acts, problem.request_id) == ("No.", "不。", "developer", "r")
    assert (problem.faults[0].pointer, problem.faults[0].zh, problem.facts) == ("#/name", "必填", {"shape": "S"})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": [1]}', b"\xff"])
def test_what_a_proxy_on_the_way_answered_is_a_problem_too(body: bytes) -> None:
    problem = refused(502, body, "soon", datetime.now(UTC))
    assert (type(problem), problem.code, problem.retry_after) == (CityFailed, "http-502", None)


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    told = ("Mon, 23 Nov 2026 12:00:30 GMT", "-5", "99999", "soon")
    assert [seconds_of(text, now) for text in told] == [30.0, 0.0, 3600.0, None]
    assert isinstance(refused(429, b"{}", "1", now), TooMany)


def test_what_is_no_citys_answer_is_told_apart() -> None:
    script = Script(httpx.Response(200, text="<html>Sign in to this network</html>"), httpx.Response(200, json={}))
    with script.city() as city:
        for _ in range(2):
            with pytest.raises(AnswerUnreadable):
                city.ask(station.who_am_i())


def test_without_a_key_nothing_is_sent() -> None:
    script = Script()
    with script.city(key=None) as city, pytest.raises(NoKey):
        city.ask(station.who_am_i())
    assert script.asked == []


def test_what_is_signed_is_what_goes_out_and_new_fields_are_ignored() -> None:
    script = Script(httpx.Response(201, json=PERSON | {"added_later": 1}))
    with script.city() as city:
        city.ask(people.register(REGISTERED))
    [sent] = script.asked
    assert sent.url == "http://city.test/api/v1/people"
    assert json.loads(sent.content)["documents"] == [{"kind": "01", "number": "370402190001010015"}]
    assert sent.headers["Content-Type"] == "application/json"
