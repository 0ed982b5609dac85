"""`healthcloud-reader`: set a reader up, scan, look, fetch lists, tell uses, serve the page; standard library only."""

import argparse
import json
import sys
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from healthcloud_reader.keys import KeyFault
from healthcloud_reader.offline import (
    Answer,
    FileKeyHolder,
    Folder,
    FolderBusy,
    FolderUnusable,
    JournalFull,
    NoKey,
    NoNetwork,
    Reader,
    Refused,
    SetUp,
    age_in_words,
    sync,
    upload,
)
from healthcloud_reader.reasons import Unreadable
from healthcloud_reader.terminal.serving import serve
from healthcloud_reader.terminal.standing import standing

OK, FAILED, UNUSABLE = 0, 1, 2
_FOLDER = Path("reader")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 where something was refused or failed, 2 where it could not begin."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        return run(asked)
    except (FolderBusy, FolderUnusable, JournalFull, NoKey, NoNetwork, KeyFault) as fault:
        _say(f"{fault.zh} {type(fault).__doc__}")
        return UNUSABLE if isinstance(fault, FolderBusy | FolderUnusable | KeyFault) else FAILED
    except OSError as fault:
        _say(f"数据文件夹无法读写。The reader's folder cannot be read or written: {fault.strerror}")
        return UNUSABLE
    except Refused as fault:
        _say(f"{fault.zh}{fault.title_zh} {fault.title} ({fault.code})")
        return FAILED
    except Unreadable as fault:
        _say(f"{fault.reason.zh} {fault.reason.en}")
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="healthcloud-reader", description="离线读码器 The offline reader")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="数据文件夹 where it keeps its files (reader)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    init = commands.add_parser("init", help="设置一次 set it up once")
    init.add_argument("--city", required=True, help="平台地址 the city's address, https://…")
    init.add_argument("--key", required=True, help="首个信任的密钥 id, from `healthcloud keys trust` at the city")
    init.add_argument("--terminal", required=True, help="终端号 the institution's name of this terminal")
    init.add_argument("--scene", required=True, help="诊疗环节 medStepCode of what it scans for")
    init.add_argument("--client-key", type=Path, help="客户端密钥文件 the key file uploads are signed with")
    init.set_defaults(run=_init)
    scan = commands.add_parser("scan", help="逐行读码 read codes from standard input, one a line")
    scan.add_argument("--scene", help="诊疗环节，默认用设置的 the scene, else the one set up")
    scan.add_argument("--json", action="store_true", help="每行一个 JSON 结果 answers as JSON, one a line")
    scan.set_defaults(run=_scan)
    status = commands.add_parser("status", help="状态：名单、时钟、待上传 lists, clock and queue")
    status.add_argument("--json", action="store_true", help="JSON")
    status.set_defaults(run=_status)
    commands.add_parser("sync", help="取名单 fetch lists and time").set_defaults(run=_sync)
    commands.add_parser("upload", help="上传用卡记录 tell the uses that wait").set_defaults(run=_upload)
    dismiss = commands.add_parser("dismiss", help="了结需处理的记录 be done with a use that was set aside")
    dismiss.add_argument("use", help="记录编号 its id, from status")
    dismiss.set_defaults(run=_dismiss)
    page = commands.add_parser("serve", help="本机页面 the page, for this machine only")
    page.add_argument("--port", type=int, default=8470, help="端口 port on 127.0.0.1 (8470)")
    page.set_defaults(run=_serve)
    return parser


def _init(asked: argparse.Namespace) -> int:
    folder = Folder(asked.folder)
    try:
        client, algorithm = "", "HMAC-SM3"
        if asked.client_key is not None:
            try:
                given = json.loads(asked.client_key.read_text())
                client, algorithm = str(given["key_id"]), str(given["algorithm"])
                FileKeyHolder(asked.folder).put_client_secret(b64decode(given["secret"], validate=True))
            except (OSError, ValueError, KeyError, TypeError):
                _say("密钥文件无法读取。The key file cannot be read.")
                return UNUSABLE
        folder.keep_set_up(SetUp(asked.city, asked.key, asked.terminal, asked.scene, client, algorithm))
    finally:
        folder.close()
    _say("已设置；请联网运行 sync 一次。It is set up; run sync once with a network.")
    return OK


def _scan(asked: argparse.Namespace) -> int:
    found = OK
    with Reader(asked.folder) as reader:
        for line in sys.stdin:
            answer = reader.scan(line, asked.scene)
            if answer.why is not None:
                found = FAILED
            print(_written(answer.document()) if asked.json else _line(answer), flush=True)  # noqa: T201 - its answer
    return found


def _status(asked: argparse.Namespace) -> int:
    with Reader(asked.folder) as reader:
        status, aside, document = reader.status(), reader.aside(), standing(reader)
    if asked.json:
        print(_written(document))  # noqa: T201 - its answer
    else:
        en, zh = age_in_words(status.list_age)
        _say(f"名单 {status.list_number or '无'}：{zh}（{en}）")
        for word in (status.leave.refusal, *status.leave.cautions):
            if word is not None:
                _say(f"{word.zh} {word.en}")
        clock = f"时钟修正 {status.clock_offset:.0f} 秒"
        _say(f"待上传 {status.waiting}，需处理 {len(aside)}，损坏 {status.damaged}，{clock}")
        for one in aside:
            scanned = datetime.fromtimestamp(one.use.at, UTC).isoformat(timespec="seconds")
            _say(f"{one.use.id} {scanned} {one.problem} {one.zh}")
    return OK if status.leave.refusal is None and status.clock_believable else FAILED


def _sync(asked: argparse.Namespace) -> int:
    with Reader(asked.folder) as reader:
        sync(reader)
        _say(f"名单 {reader.list_number()}：{age_in_words(reader.status().list_age)[1]}")
    return OK


def _upload(asked: argparse.Namespace) -> int:
    with Reader(asked.folder) as reader:
        told = upload(reader)
    _say(f"已上传 {told.settled}，需处理 {told.aside}。{told.settled} uploaded, {told.aside} set aside.")
    return OK if told.aside == 0 else FAILED


def _dismiss(asked: argparse.Namespace) -> int:
    with Reader(asked.folder) as reader:
        known = reader.dismiss(asked.use)
    if not known:
        _say("没有这条需处理的记录。No such use was set aside.")
    return OK if known else FAILED


def _serve(asked: argparse.Namespace) -> int:
    with Reader(asked.folder) as reader:
        serve(reader, asked.port, _say)
    return OK


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - what a command says to a person


def _line(answer: Answer) -> str:
    who = answer.holder
    holder = [] if who is None else [who.name, who.sex_in_words[1], f"{who.birth_year} 年生", who.level_in_words[1]]
    words = [one.zh for one in (answer.why, *answer.cautions) if one is not None]
    return " ".join([answer.outcome.zh, *holder, *words, f"（名单：{age_in_words(answer.list_age)[1]}）"])


def _written(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
