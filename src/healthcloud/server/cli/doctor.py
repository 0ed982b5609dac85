"""`healthcloud doctor`: everything that may be wrong with this installation, one line with its remedy each."""

import asyncio

from healthcloud.core.errors import Problem
from healthcloud.core.settings import Settings
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import Json, put_rows, say
from healthcloud.server.cli.running import settings_of_command
from healthcloud.server.demonstration import Ledger, read_addresses
from healthcloud.server.diagnosis import Finding, State, kept_findings, machine_findings, problem_found
from healthcloud.server.storage import running_storage

_HEADS = {"check": "项目", "state": "状态", "words": "说明", "remedy": "处理"}
_MARKS = {State.GOOD: "正常", State.WARNING: "注意", State.BAD: "故障"}


def doctor(*, as_json: Json = False) -> None:
    """检查设置、密钥、数据库、时钟、磁盘、封存、任务和外部系统；有故障时以 1 退出。"""
    settings = _with_simulators(settings_of_command())
    findings = [*machine_findings(settings), *_kept(settings)]
    rows = [_row(finding, as_json=as_json) for finding in findings]
    put_rows(rows, _HEADS, as_json=as_json)
    bad = sum(finding.state is State.BAD for finding in findings)
    say(f"{len(findings)} 项检查，{bad} 项故障。")
    if bad:
        raise Ended(Exit.FAILED)


def _with_simulators(settings: Settings) -> Settings:
    """Return settings with the partners of a demonstration that was started here, which only its processes are told."""
    addresses = None if settings.production else read_addresses(Ledger.of(settings))
    if addresses is None:
        return settings
    told = {"sms_url": settings.sms_url or addresses.sms, "registry_url": settings.registry_url or addresses.registry}
    return settings.model_copy(update=told)


def _kept(settings: Settings) -> list[Finding]:
    try:
        with running_storage(settings, say):
            return asyncio.run(kept_findings(settings))
    except Problem as problem:
        return [problem_found("database", problem)]


def _row(finding: Finding, *, as_json: bool) -> dict[str, str]:
    state = finding.state.value if as_json else _MARKS[finding.state]
    return {"check": finding.check, "state": state, "words": finding.words, "remedy": finding.remedy}
