"""JSON Patch (RFC 6902): what fits is carried out on a copy, what does not is refused whole."""

import pytest

from healthcloud.core.errors import Malformed
from healthcloud.fhir.errors import PatchWrong
from healthcloud.fhir.model import Resource
from healthcloud.fhir.patching import patched

BEFORE: Resource = {"resourceType": "Encounter", "id": "1", "status": "planned", "a~b": {"c/d": 1}, "list": [1, 2]}


@pytest.mark.parametrize(
    ("patch", "name", "after"),
    [
        ([{"op": "replace", "path": "/status", "value": "finished"}], "status", "finished"),
        ([{"op": "add", "path": "/list/-", "value": 3}], "list", [1, 2, 3]),
        ([{"op": "add", "path": "/list/0", "value": 0}], "list", [0, 1, 2]),
        ([{"op": "remove", "path": "/list/0"}], "list", [2]),
        ([{"op": "move", "from": "/list/0", "path": "/list/1"}], "list", [2, 1]),
        ([{"op": "copy", "from": "/list", "path": "/again"}], "again", [1, 2]),
        ([{"op": "test", "path": "/a~0b/c~1d", "value": 1}], "status", "planned"),
    ],
)
def test_each_operation_does_what_the_rfc_says(patch: object, name: str, after: object) -> None:
    assert patched(dict(BEFORE), patch)[name] == after
    assert BEFORE["list"] == [1, 2]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/nothing", "value": 1},
        {"op": "remove", "path": "/list/7"},
        {"op": "remove", "path": ""},
        {"op": "add", "path": "/list/01", "value": 1},
        {"op": "add", "path": "status", "value": 1},
        {"op": "test", "path": "/status", "value": "finished"},
        {"op": "move", "from": "/a~0b", "path": "/a~0b/c~1d/e"},
        {"op": "invent", "path": "/status"},
        {"op": "add", "path": "/status"},
        {"op": "replace", "path": "/id", "value": "2"},
        {"op": "replace", "path": "", "value": 3},
        "add",
    ],
)
def test_what_does_not_fit_is_refused(operation: object) -> None:
    with pytest.raises(PatchWrong):
        patched(dict(BEFORE), [operation])


@pytest.mark.parametrize("body", [{"op": "add"}, None, "x", [{}] * 201])
def test_what_is_no_patch_cannot_be_read(body: object) -> None:
    with pytest.raises(Malformed):
        patched(dict(BEFORE), body)
