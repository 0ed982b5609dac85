"""
A typed client of a Health Cloud city, for hospitals' systems.

    with City("http://127.0.0.1:8000", Key.read("his.json")) as city:
        seen = city.ask(cards.verify("…", terminal="挂号窗口1"))

What is asked is a `Call` (modules cards, people, records, encounters, imports, station); `City` and `AsyncCity` sign
it, send it, and send it again where that is safe and helps.
"""

from healthcloud_sdk import cards, encounters, imports, people, problems, records, station
from healthcloud_sdk.calls import Call
from healthcloud_sdk.city import AsyncCity, City, NoKey
from healthcloud_sdk.keys import Key, KeyUnusable, Signer, authorization
from healthcloud_sdk.problems import CityError, NoAnswer, Refused, problem_of
from healthcloud_sdk.shapes import AnswerUnreadable
from healthcloud_sdk.trying import Retry

__all__ = [
    "AnswerUnreadable",
    "AsyncCity",
    "Call",
    "City",
    "CityError",
    "Key",
    "KeyUnusable",
    "NoAnswer",
    "NoKey",
    "Refused",
    "Retry",
    "Signer",
    "authorization",
    "cards",
    "encounters",
    "imports",
    "people",
    "problem_of",
    "problems",
    "records",
    "station",
]
