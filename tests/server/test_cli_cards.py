"""`healthcloud cards` and `healthcloud keys trust`: what who looks after offline readers needs to see."""

from collections.abc import Callable
from typing import Any

from healthcloud.server.cli.exits import Exit

Command = Callable[..., Any]


def test_a_city_that_publishes_nothing_is_told_of(command: Command) -> None:
    said = command("cards", "revocations", "--json")
    assert said.code == Exit.FAILED
    assert said.json["number"] is None
    assert "healthcloud serve" in said.err


def test_the_keys_a_reader_is_set_up_with(command: Command) -> None:
    listed = command("keys", "trust", "--json")
    [key] = listed.json
    assert (key["algorithm"], key["state"]) == ("SM2-SM3", "current")
    assert key["id"] in listed.err
