"""Refused forms: the same page again, with what was wrong at the top and beside each field."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from healthcloud.core.errors import Problem
from healthcloud.web.once import kept_key
from healthcloud.web.page import page, words_of
from healthcloud.web.wording import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """
    What is wrong with one field, by its name in the form; with the whole form where `field` is empty.

    A `bare` text lacks its subject ("must have 1–40 characters"): the summary says the field's label before it. What is
    no field's may have a `way`: the page where what was asked for stands already.
    """

    field: str
    text: str
    bare: bool = False
    way: str = ""


def faults_of(words: Words, problem: Problem) -> list[Fault]:
    """Return a problem as faults: one for each field it points at, else its sentence."""
    if not problem.faults:
        return [Fault("", words.problem(problem))]
    texts = words.faults(problem)
    return [Fault(_field(fault.pointer), text, bare=True) for fault, text in zip(problem.faults, texts, strict=True)]


def refused(request: Request, template: str, problem: Problem, *, stands: str = "", **values: Any) -> HTMLResponse:
    """
    Return the page again with the problem's status, `errors`, and the same `once`: nothing was done under it.

    `stands` is the page where what was asked for stands already: no change of a field helps.
    """
    faults = faults_of(words_of(request), problem)
    errors = [fault if fault.field else replace(fault, way=stands) for fault in faults]
    return page(request, template, status=problem.status, **({"errors": errors} | kept_key(request) | values))


def _field(pointer: str) -> str:
    """Return the last name of a JSON pointer; a number, or `#` alone, names no field."""
    name = pointer.rpartition("/")[2].lstrip("#")
    return "" if name.isdigit() else name
