"""`healthcloud conformance run|verify`: have a sandbox try a hospital's system, and prove the report it signed."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer

from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import Json, put_facts, put_rows, say
from healthcloud_reader.conformance import ReportWrong, verify_report
from healthcloud_reader.keys import KeyFault, PublicKey

app = typer.Typer(help="一致性用例：由沙箱驱动并评判医院的系统，出具签名报告。", no_args_is_help=True)

_SECONDS = 300.0
_OK = 200
_VERDICTS = {"passed": "通过", "failed": "未通过", "not-run": "未执行"}
_WHO = {"hospital": "医院", "nobody": "–"}
_HEADS = {"id": "用例", "zh": "内容", "verdict": "结论", "why": "原因", "who": "由谁处理"}
_FACTS = {
    "is_passed": "全部通过",
    "is_complete": "用例齐全",
    "face": "接入方式",
    "driver": "被测系统",
    "city": "评判的城市",
    "ended": "完成时间",
    "algorithm": "签名算法",
    "key": "签名公钥",
}
_CASES: list[str] = []
InstitutionId = Annotated[
    UUID | None, typer.Option("--institution", help="机构在沙箱中的编号；用于接入的报告必须写明。")
]


@app.command()
def run(
    url: Annotated[str, typer.Argument(metavar="地址", help="被测系统的驱动地址，接受 POST 地址/do。")],
    *,
    city: Annotated[str, typer.Option("--city", help="沙箱的地址。")] = "http://127.0.0.1:8000",
    face: Annotated[str, typer.Option("--face", help="接入方式：own 或 family-c。")] = "own",
    case: Annotated[list[str], typer.Option("--case", help="只执行这一用例及其前提；可重复。")] = _CASES,
    institution: InstitutionId = None,
    report: Annotated[Path | None, typer.Option("--report", help="签名报告写入的文件。", dir_okay=False)] = None,
    as_json: Json = False,
) -> None:
    """逐条执行用例并列出结论；有未通过或未执行的用例时以 1 退出，沙箱没有应答时以 75 退出。"""
    lines: list[dict[str, Any]] = []
    file: dict[str, Any] | None = None
    wish = {"driver": url, "face": face, "cases": case, "institution_id": str(institution) if institution else None}
    try:
        with httpx.stream(
            "POST", f"{city.rstrip('/')}/sandbox/conformance/run", json=wish, timeout=_SECONDS, trust_env=False
        ) as answer:
            if answer.status_code != _OK:
                _refused(answer.read())
            for text in answer.iter_lines():
                told = json.loads(text)
                file = told.get("file", file)
                if "case" in told:
                    lines.append(told["case"])
                    say(f"{len(lines)}/{told['of']} {lines[-1]['id']} {_VERDICTS[lines[-1]['verdict']]}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        say(f"沙箱没有应答，或中断了：{city}")
        raise Ended(Exit.TRY_LATER) from None
    if file is None:
        say("沙箱没有出具报告。")
        raise Ended(Exit.TRY_LATER)
    if report is not None:
        report.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", "utf-8")
        say(f"签名报告已写入 {report}。")
    put_rows([_row(one) for one in lines], _HEADS, as_json=as_json)
    if any(one["applies"] and one["verdict"] != "passed" for one in lines):
        raise Ended(Exit.FAILED)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="签名报告。", exists=True, dir_okay=False)],
    *,
    key: Annotated[Path | None, typer.Option("--key", help="所信任的城市公钥（PEM）；不填则请自行核对编号。")] = None,
    as_json: Json = False,
) -> None:
    """离线校验一份报告：签名不符，或报告不是全部通过时，以 1 退出。"""
    try:
        trusted = PublicKey.from_pem(key.read_text("utf-8")) if key else None
        report, signer = verify_report(file.read_bytes(), trusted)
    except (ReportWrong, KeyFault, ValueError) as wrong:
        say(f"不能证明：{wrong}")
        raise Ended(Exit.FAILED) from None
    facts = {name: report.get(name) for name in _FACTS} | {"algorithm": str(signer.algorithm), "key": signer.id}
    put_facts(facts, _FACTS, as_json=as_json)
    if trusted is None:
        say("签名有效。请将签名公钥编号与该市公布的核对（/sandbox/conformance/keys.json）。")
    if not report.get("is_passed"):
        raise Ended(Exit.FAILED)


def _refused(content: bytes) -> None:
    """Tell why the sandbox refuses, and end."""
    told = json.loads(content)
    say(str(told.get("title_zh") or told.get("title") or "沙箱拒绝了这次执行。"))
    say(f"[{told.get('code', '')}]")
    raise Ended(Exit.USAGE)


def _row(one: dict[str, Any]) -> dict[str, str]:
    who = _WHO[one["who_acts"]]
    return {"id": one["id"], "zh": one["zh"], "verdict": _VERDICTS[one["verdict"]], "why": one["why"]["zh"], "who": who}
