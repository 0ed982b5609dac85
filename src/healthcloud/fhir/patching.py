"""JSON Patch (RFC 6902) on a resource: add, remove, replace, move, copy, test; pure."""

from copy import deepcopy

from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.fhir.errors import PatchWrong
from healthcloud.fhir.model import Json, Resource

MOST_OPERATIONS = 200
_END = "-"
_WITH_VALUE = frozenset({"add", "replace", "test"})
_FROM = frozenset({"move", "copy"})


def patched(resource: Resource, patch: object) -> Resource:
    """Return a resource after a patch; raise Malformed where it is none, PatchWrong where it does not fit."""
    if not isinstance(patch, list) or len(patch) > MOST_OPERATIONS:
        fault = FieldFault("patch", "must be a JSON Patch: an array of operations", "应为 JSON Patch：由操作组成的数组")
        raise Malformed(faults=(fault,))
    found: Json = deepcopy(resource)
    for place, one in enumerate(patch):
        try:
            found = _carried_out(found, one)
        except (KeyError, IndexError, ValueError, TypeError):
            place_told = f"patch/{place}"
            raise PatchWrong(faults=(FieldFault(place_told, "cannot be carried out", "无法执行"),)) from None
    if not isinstance(found, dict) or any(found.get(name) != resource.get(name) for name in ("resourceType", "id")):
        raise PatchWrong(faults=(FieldFault("patch", "changes what the resource is", "改变了资源的类型或 id"),))
    return found


def _carried_out(whole: Json, one: object) -> Json:
    if not isinstance(one, dict):
        raise TypeError
    act, path = one["op"], _steps(one["path"])
    if act == "remove":
        return _removed(whole, path)
    if act in _FROM:
        return _brought(whole, _steps(one["from"]), path, moved=act == "move")
    if act not in _WITH_VALUE:
        raise ValueError
    value: Json = deepcopy(one["value"])
    if act != "add" and _at(whole, path) != value and act == "test":
        raise ValueError
    return whole if act == "test" else _put(whole, path, value, insert=act == "add")


def _brought(whole: Json, source: list[str], path: list[str], *, moved: bool) -> Json:
    value = deepcopy(_at(whole, source))
    if moved:
        if path[: len(source)] == source and path != source:
            raise ValueError  # into itself
        whole = _removed(whole, source)
    return _put(whole, path, value, insert=True)


def _steps(pointer: object) -> list[str]:
    """Read a JSON Pointer (RFC 6901)."""
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise ValueError
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(whole: Json, steps: list[str]) -> Json:
    found = whole
    for step in steps:
        if isinstance(found, dict):
            found = found[step]
        elif isinstance(found, list):
            found = found[_index(step, len(found) - 1)]
        else:
            raise TypeError
    return found


def _index(step: str, most: int) -> int:
    if not step.isdecimal() or (len(step) > 1 and step.startswith("0")) or int(step) > most:
        raise IndexError
    return int(step)


def _put(whole: Json, steps: list[str], value: Json, *, insert: bool) -> Json:
    if not steps:
        return value
    parent, last = _at(whole, steps[:-1]), steps[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list) and insert:
        parent.insert(len(parent) if last == _END else _index(last, len(parent)), value)
    elif isinstance(parent, list):
        parent[_index(last, len(parent) - 1)] = value
    else:
        raise TypeError
    return whole


def _removed(whole: Json, steps: list[str]) -> Json:
    if not steps:
        raise ValueError
    parent, last = _at(whole, steps[:-1]), steps[-1]
    if isinstance(parent, dict):
        del parent[last]
    elif isinstance(parent, list):
        del parent[_index(last, len(parent) - 1)]
    else:
        raise TypeError
    return whole
