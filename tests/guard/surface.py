"""What the outside sees: routes, problems, deeds, events. Each speaks both languages and none is forgotten."""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from guard.shape import python_files

from healthcloud.core.errors import Problem
from healthcloud.core.events import Event

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_SENTENCE = re.compile(r"^[A-Z“\"][^\u4e00-\u9fff]*[.?!]$", re.DOTALL)
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
WHO = {"resident", "clerk", "institution", "administrator", "developer", "nobody"}


def operation_faults(schema: Mapping[str, Any], known_codes: set[str]) -> list[str]:
    """Tell of an operation without a need, without a summary, or with an undocumented kind of failure."""
    faults = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            place = f"{method.upper()} {path}"
            if bool(operation.get("x-scopes")) == bool(operation.get("x-open-because")):
                faults.append(f"{place}: states neither a scope nor why it needs none")
            if not operation.get("summary") or not operation.get("tags"):
                faults.append(f"{place}: no summary or no tag")
            faults += [f"{place}: {fault}" for fault in _response_faults(operation, known_codes)]
    return faults


def thread_faults(application: FastAPI) -> list[str]:
    """Tell of routes and dependencies that are no coroutines: FastAPI would run each in its pool of threads."""
    routes = [one for one in iter_route_contexts(application.routes) if isinstance(one.original_route, APIRoute)]
    calls = {call for route in routes for call in (route.endpoint, *_depended(route.dependant))}
    return sorted(f"{call.__module__}.{call.__qualname__}" for call in calls if _is_threaded(call))


def _depended(dependant: Dependant) -> set[Any]:
    direct = {one.call for one in dependant.dependencies}
    return direct.union(*map(_depended, dependant.dependencies))


def _is_threaded(call: Any) -> bool:
    function = call if inspect.isfunction(call) else type(call).__call__
    return not (inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function))


def _response_faults(operation: Mapping[str, Any], known_codes: set[str]) -> list[str]:
    responses = operation["responses"]
    expected = {"500", "503"} | ({"401", "403"} if operation.get("x-scopes") else set())
    if "requestBody" in operation:
        expected |= {"400", "413", "422"}
    faults = [f"no {status} documented" for status in sorted(expected - responses.keys())]
    for status, response in responses.items():
        if not status.startswith(("4", "5")):
            continue
        codes = set(response.get("x-problem-codes", ()))
        if not codes:
            faults.append(f"{status} names no problem")
        if codes - known_codes:
            faults.append(f"{status} names unknown problems {sorted(codes - known_codes)}")
        if not CHINESE.search(response["description"]):
            faults.append(f"{status} is not described in both languages")
    return faults


def sentence_faults(kinds: Iterable[type[Problem]]) -> list[str]:
    """Tell of a problem whose code, sentences or duty is not in form."""
    faults = []
    for kind in kinds:
        name = f"{kind.__module__}.{kind.__qualname__}"
        if not CODE.match(kind.code):
            faults.append(f"{name}: code {kind.code!r}")
        if not LATIN_SENTENCE.match(" ".join((kind.__doc__ or "").split())):
            faults.append(f"{name}: the docstring is no English sentence")
        if not CHINESE.search(kind.zh) or not kind.zh.endswith(("。", "？", "！")):
            faults.append(f"{name}: zh is no Chinese sentence")
        if kind.who_acts not in WHO:
            faults.append(f"{name}: who acts?")
    return faults


def every_event() -> set[type[Event]]:
    """Return every imported event of this package."""
    found: set[type[Event]] = set()
    waiting: list[type[Event]] = [Event]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("healthcloud."):
                found.add(kind)
    return found


def event_faults(events: Iterable[type[Event]], wired: set[str]) -> list[str]:
    """Tell of an event nobody reacts to and nobody gave a reason for."""
    kinds = {kind.kind: kind for kind in events}
    return [
        f"{kind.__module__}.{kind.__qualname__}: no reaction and no reason"
        for name, kind in kinds.items()
        if name not in wired
    ]


# Where the deed's name stands among the arguments: record(tx, caller, deed, …), Entry(deed, …).
DEED_PLACE = {"audit.record": 2, "audit.refuse": 2, "audit.Entry": 0}


def deeds_written(*roots: Path) -> dict[str, str]:
    """Return every deed name the sources write, as a literal or as a constant, with where."""
    found = {}
    for path in python_files(*roots):
        for node in ast.walk(ast.parse(path.read_text())):
            place = DEED_PLACE.get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
            if place is not None and isinstance(node, ast.Call):
                named = [word.value for word in node.keywords if word.arg == "deed"]
                for argument in [*node.args[place : place + 1], *named]:
                    deed = _constant(path, argument)
                    if isinstance(deed, str):
                        found[deed] = f"{path}:{node.lineno}"
    return found


def _constant(path: Path, argument: ast.expr) -> object:
    """Return what a literal, a module's name or `deeds.NAME` stands for; None for what only a call knows."""
    if isinstance(argument, ast.Constant):
        return argument.value
    if "src" not in path.parts or not isinstance(argument, ast.Name | ast.Attribute):
        return None
    parts = path.with_suffix("").parts
    value: object = sys.modules.get(".".join(parts[len(parts) - parts[::-1].index("src") :]).removesuffix(".__init__"))
    for name in ast.unparse(argument).split("."):
        value = getattr(value, name, None)
    return value


def problem_faults(kinds: list[type[Problem]]) -> list[str]:
    """Tell of a code used twice, and of a problem that does not say in both languages what people should know."""
    owners: dict[str, type[Problem]] = {}
    faults = []
    for kind in kinds:
        name = f"{kind.__module__}.{kind.__qualname__}"
        first = owners.setdefault(kind.code, kind)
        if first is not kind:
            faults.append(f"{name} has the code of {first.__module__}.{first.__qualname__}: {kind.code}")
        missing = [member for member in ("__doc__", "zh", "code") if vars(kind).get(member) is None]
        faults += [f"{name} has no {member} of its own" for member in missing]
    return faults
