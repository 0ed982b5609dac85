"""`healthcloud onboarding status`, from the command line."""

from typing import Any

from healthcloud.server.cli.exits import Exit


def test_where_institutions_stand(command: Any) -> None:
    assert command("codes", "load").code == Exit.DONE
    opened = command(
        "institution", "add", "演示医院", "--number", "platform=KGATEST1", "--class", "A100", "--ownership", "1",
        "--district", "370402", "--json",
    )  # fmt: skip
    assert opened.code == Exit.DONE
    [line] = [one for one in command("onboarding", "status", "--json").json if one["institution"] == "演示医院"]
    assert (line["reached"], line["next"], line["who_acts"]) == (None, "applied", "institution")
    steps = command("onboarding", "status", "KGATEST1", "--json").json
    assert [one["step"] for one in steps] == ["applied", "keys", "cases", "report", "points", "live", "fresh"]
    assert not any(one["is_met"] for one in steps)
    assert "接入申请" in command("onboarding", "status", "KGATEST1").out
    assert command("onboarding", "status", "KGANOBODY").code == Exit.FAILED
