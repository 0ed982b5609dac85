"""What can be seen without the database: settings, keys, clock, disk, and whether the systems of others answer."""

import ctypes
import shutil
import socket
from urllib.parse import urlsplit

from healthcloud.core.errors import Problem
from healthcloud.core.settings import Settings, production_faults
from healthcloud.server.diagnosis.findings import Finding, State, good, problem_found
from healthcloud.server.keys import open_keys

GIB = 1 << 30
LITTLE_DISK, NO_DISK = 5 * GIB, 1 * GIB
REACH_SECONDS = 3.0
_TIMEX_BYTES = 256  # struct timex of <sys/timex.h> is 208 bytes on 64-bit Linux; zeroed, it asks and changes nothing
_UNSYNCHRONISED = 5  # TIME_ERROR


def machine_findings(settings: Settings) -> list[Finding]:
    """Look at all of it."""
    return [
        *_settings(settings),
        _keys(settings),
        _clock(settings),
        _disk(settings),
        _partner("sms", settings.sms_url),
        _partner("registry", settings.registry_url),
    ]


def _settings(settings: Settings) -> list[Finding]:
    faults = production_faults(settings)
    if faults:
        return [Finding("settings", State.BAD, fault, "修改该设置后重新启动。") for fault in faults]
    return [good("settings", "生产环境" if settings.production else "开发或演示环境")]


def _keys(settings: Settings) -> Finding:
    try:
        keys = open_keys(settings)
    except Problem as problem:
        return problem_found("keys", problem)
    kind = "开发密钥" if keys.development else "正式密钥"
    return good("keys", f"{kind}，{len(keys.lines())} 个，版本 {keys.version}")


def _clock(settings: Settings) -> Finding:
    if settings.clock_offset_seconds:
        words = f"时钟被移动 {settings.clock_offset_seconds} 秒"
        return Finding("clock", State.WARNING, words, "演练结束后删除 HEALTHCLOUD_CLOCK_OFFSET_SECONDS。")
    state = ctypes.CDLL(None).ntp_adjtime(ctypes.create_string_buffer(_TIMEX_BYTES))
    if state == _UNSYNCHRONISED:
        remedy = "启用 systemd-timesyncd 或 chrony；时钟偏差超过一分钟将无法扫码。"
        return Finding("clock", State.WARNING, "本机时钟没有与时间服务器同步", remedy)
    return good("clock", "本机时钟已同步")


def _disk(settings: Settings) -> Finding:
    folder = settings.var.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{folder} 剩余 {free / GIB:.1f} GiB"
    if free < LITTLE_DISK:
        state = State.BAD if free < NO_DISK else State.WARNING
        return Finding("disk", state, words, "清理磁盘或扩容；写满后数据库停止接受写入。")
    return good("disk", words)


def _partner(name: str, url: str | None) -> Finding:
    if url is None:
        return Finding(name, State.WARNING, "没有设置", f"设置 HEALTHCLOUD_{name.upper()}_URL。")
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), REACH_SECONDS).close()
    except OSError as error:
        words = f"{parts.hostname}:{port} 无法连接（{type(error).__name__}）"
        return Finding(name, State.BAD, words, "检查网络、防火墙和对方服务。")
    return good(name, f"{parts.hostname}:{port} 可以连接")
