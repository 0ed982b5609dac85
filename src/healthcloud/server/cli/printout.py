"""What `healthcloud demo run` prints once the city answers: where it is, who is in it, where one-time codes appear."""

import sys
from collections.abc import Iterator

import msgspec
from rich.console import Console
from rich.table import Table

from healthcloud.core.clock import SHANGHAI
from healthcloud.server.demonstration import Addresses, Demonstration, Ledger, resident

_ROLES = {
    "system-administrator": "系统管理员",
    "security-administrator": "安全管理员",
    "audit-administrator": "审计管理员",
    "institution-administrator": "机构管理员",
    "clerk": "窗口人员",
    "doctor": "医生",
    "city-operator": "城市业务员",
    "index-clerk": "主索引审核员",
}
_SHOWN_RESIDENTS = 3


def print_city(ledger: Ledger, addresses: Addresses, city: Demonstration, seconds: float) -> None:
    """Print it on stdout, and keep the addresses for other commands."""
    ledger.write(ledger.addresses_file, msgspec.json.encode(addresses))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    for table in (_places(addresses), _staff(city), _residents(city, addresses), _machines(city, ledger)):
        console.print(table)
    console.print(f"演示城市就绪：{city.residents} 位虚构居民，用时 {seconds:.1f} 秒。Ctrl-C 结束，数据保留。")
    console.print("另开一个终端运行 healthcloud tour，走一遍：登记、领卡、出码、两家医院扫码、挂失、查看谁看过。")


def _places(addresses: Addresses) -> Table:
    table = Table("地址", "是什么", title="健康云演示城市", title_justify="left")
    table.add_row(addresses.city, "城市入口")
    table.add_row(f"{addresses.city}/scan", "窗口扫码页（先以窗口人员登录）")
    table.add_row(f"{addresses.city}/docs", "接口文档")
    table.add_row(addresses.sms, "短信模拟器：居民的验证码出现在这里")
    table.add_row(addresses.authenticator, "身份验证器模拟器：工作人员的动态口令出现在这里")
    table.add_row(addresses.registry, "人口库模拟器")
    if addresses.authority is not None:
        table.add_row(addresses.authority, "本机证书颁发机构：导入浏览器后不再告警，步骤见 docs/how-to/use-https.md")
    return table


def _staff(city: Demonstration) -> Table:
    table = Table("登录名", "密码", "角色", "机构", title="工作人员", title_justify="left")
    for one in city.staff:
        where = "–" if one.hospital is None else city.hospitals[one.hospital].name
        table.add_row(one.login, one.password, _ROLES[one.role], where)
    table.caption = "动态口令：身份验证器模拟器页面，或 healthcloud demo code 登录名"
    table.caption_justify = "left"
    return table


def _residents(city: Demonstration, addresses: Addresses) -> Table:
    table = Table("姓名", "证件号码", "手机", title="几位居民（均为虚构）", title_justify="left")
    for name, number, phone in _some_residents(city.residents):
        table.add_row(name, number, phone)
    table.caption = f"居民以手机验证码登录，验证码见 {addresses.sms}"
    table.caption_justify = "left"
    return table


def _some_residents(count: int) -> Iterator[tuple[str, str, str]]:
    shown = 0
    for n in range(count):
        one = resident(n)
        if one.phone and one.name and one.documents[0].kind == "01":
            yield one.name, one.documents[0].number, one.phone
            shown += 1
        if shown == _SHOWN_RESIDENTS:
            return


def _machines(city: Demonstration, ledger: Ledger) -> Table:
    table = Table("机构", "接口密钥", "浏览器绑定码", title="两家医院", title_justify="left")
    for number, hospital in city.hospitals.items():
        desk = city.desks[number]
        until = desk.expires_at.astimezone(SHANGHAI)
        table.add_row(hospital.name, str(ledger.hospital_file(number)), f"{desk.code}（{until:%H:%M} 前）")
    table.caption = "在 /scan 页输入绑定码；新的绑定码：healthcloud demo desk 1"
    table.caption_justify = "left"
    return table
