"""`healthcloud keys`: the key file, and the steps by which keys change while every desk works (decision 0004)."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Annotated

import typer

from healthcloud import access, audit, cards, encounters, exchange, index, people
from healthcloud.core.caller import SYSTEM, SYSTEM_ACCOUNT
from healthcloud.core.crypto import Algorithm, FileKeyStore, Vault, create_keys
from healthcloud.core.crypto.rotation import SETTLING
from healthcloud.core.db import Transaction
from healthcloud.server.cli.output import Json, Yes, confirm, put_rows, say
from healthcloud.server.cli.running import in_city, settings_of_command
from healthcloud.server.composition import City
from healthcloud.server.deeds import KEYS_CHANGED
from healthcloud.server.keys import open_keys
from healthcloud.server.places import keys_file
from healthcloud.server.purposes import PURPOSES

app = typer.Typer(help="密钥：创建、列出、按用途轮换。", no_args_is_help=True)
Purpose = Annotated[str, typer.Argument(metavar="用途", help="如 people.face，见 keys list。")]
_HEADS = {
    "purpose": "用途",
    "use": "作用",
    "number": "编号",
    "algorithm": "算法",
    "state": "状态",
    "created": "创建",
    "changed": "变更",
}
_TRUST_HEADS = {"id": "id", "algorithm": "算法", "state": "状态", "created": "创建", "public": "公钥"}


@app.command()
def create() -> None:
    """创建密钥文件，或补上此版本新增的用途；已有密钥不变。"""
    settings = settings_of_command()
    path = keys_file(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = create_keys(path, PURPOSES, development=settings.keys_file is None and not settings.production)
    say(f"{path}：{len(keys.lines())} 个密钥，版本 {keys.version}。请另存一份；丢失后已加密的数据无法读取。")


@app.command("list")
def list_keys(*, as_json: Json = False) -> None:
    """列出每个用途的密钥及其状态，不显示密钥本身。"""
    keys = open_keys(settings_of_command())
    rows = [{name: getattr(line, name) for name in _HEADS} for line in keys.lines()]
    put_rows(rows, _HEADS, as_json=as_json)
    say(f"版本 {keys.version}{'（开发密钥）' if keys.development else ''}")


@app.command()
def trust(*, as_json: Json = False) -> None:
    """列出城市签名密钥的公开部分：离线设备首次设置时固定当前密钥的 id，之后凭信任名单自行更新。"""
    keys = Vault(open_keys(settings_of_command())).trust_list(cards.CITY_SIGNATURE)
    rows = [
        {
            "id": key.public.id,
            "algorithm": key.public.algorithm,
            "state": key.state,
            "created": key.created,
            "public": urlsafe_b64encode(key.public.value).rstrip(b"=").decode(),
        }
        for key in keys
    ]
    put_rows(rows, _TRUST_HEADS, as_json=as_json)
    say(f"离线设备设置用的密钥 id：{keys[0].public.id}")


@app.command()
def add(
    purpose: Purpose,
    *,
    algorithm: Annotated[Algorithm | None, typer.Option("--algorithm", help="默认与当前密钥相同。")] = None,
) -> None:
    """为一个用途加入下一个密钥：从现在起接受它，尚不首先使用。"""
    _step("add", purpose, lambda keys: keys.add_key(purpose, algorithm))


@app.command()
def promote(purpose: Purpose, *, yes: Yes = False) -> None:
    """把下一个密钥变为当前密钥，当前的变为上一个。"""
    confirm(f"{purpose} 将改用下一个密钥。", yes=yes)
    _step("promote", purpose, lambda keys: keys.promote(purpose))


@app.command()
def retire(purpose: Purpose, *, yes: Yes = False) -> None:
    """不再接受上一个密钥；之前须确认没有数据仍在使用它。"""
    confirm(f"{purpose} 的上一个密钥将不再被接受。", yes=yes)
    _step("retire", purpose, lambda keys: keys.retire(purpose))


@app.command("roll-back")
def roll_back(purpose: Purpose, *, yes: Yes = False) -> None:
    """撤回一次启用：上一个密钥重新成为当前密钥。"""
    confirm(f"{purpose} 将改回上一个密钥。", yes=yes)
    _step("roll-back", purpose, lambda keys: keys.roll_back(purpose))


@app.command()
def readmit(
    purpose: Purpose,
    number: Annotated[int, typer.Argument(metavar="编号", help="已停用密钥的编号，见 keys list。")],
    *,
    yes: Yes = False,
) -> None:
    """恢复了旧备份之后，重新接受那时的一个已停用密钥，作为上一个。"""
    confirm(f"{purpose} 将重新接受第 {number} 个密钥。", yes=yes)
    _step("readmit", purpose, lambda keys: keys.readmit(purpose, number))


def _step(name: str, purpose: str, step: Callable[[FileKeyStore], None]) -> None:
    """Write the deed, and what is to follow, first: a step that then fails is on record, none is without a record."""

    async def write(tx: Transaction) -> None:
        detail = {"step": name, "purpose": purpose}
        await audit.record(tx, SYSTEM, KEYS_CHANGED, SYSTEM_ACCOUNT, detail=detail)
        await _follow(tx)

    async def take(city: City) -> str:
        await city.database.transact(write)
        step(city.keys)
        return city.keys.version

    version = in_city(take)
    say(f"完成，密钥版本 {version}。本机各进程一秒内生效；其他机器须放上同一文件，下一步须等待 60 秒。")
    say("已存数据在 60 秒后由后台任务跟进；停用上一个密钥前，须等 jobs list 中不再有这些任务。")


async def _follow(tx: Transaction) -> None:
    """Have what is stored follow its keys, once every process has seen this step."""
    due_at = tx.clock.now() + SETTLING
    await access.rotation.keep_up(tx, due_at=due_at)
    await people.rotation.keep_seals(tx, due_at=due_at)
    await cards.stock.keep_seals(tx, due_at=due_at)
    await people.rotation.keep_fingerprints(tx, due_at=due_at)
    await index.follow_keys(tx, due_at=due_at)
    await index.imports.keep_seals(tx, due_at=due_at)
    await encounters.keep_seals(tx, due_at=due_at)
    await exchange.evidence.keep_seals(tx, due_at=due_at)
    await exchange.held.keep_seals(tx, due_at=due_at)
