"""
Why a city does not start, or a command does nothing.

    Problem
    ├── SettingsUnreadable  a setting's value is not what it must be
    ├── ProductionRefused   settings that real persons' data must not be kept with
    ├── KeysIncomplete      the key file lacks purposes of this version
    ├── NotReadyInTime      the processes run, but none answers
    ├── NotEmbedded         backup and restore are for the embedded database
    ├── OwnerUnknown        migrations need the owner role
    ├── LoadingFailed       a process that fills the demonstration ended badly
    ├── Unavailable
    │   └── CityNotRunning      nobody answers at the city's address
    ├── NotFound
    │   ├── NotLoaded           there is no demonstration here
    │   ├── InstitutionNotFound
    │   └── StaffNotFound
    └── Conflict
        ├── NotADemonstration     demonstration data has no place in this city
        ├── FileThere             a secret is only written into a new file
        └── ConfirmationMissing   a dangerous act was not confirmed
"""

from typing import ClassVar

from healthcloud.core.errors import Conflict, NotFound, Problem, Unavailable, WhoActs


class SettingsUnreadable(Problem):
    """A setting's value is not what it must be; each line of detail names one."""

    code = "settings-unreadable"
    zh = "有设置的值不符合要求；detail 逐行指出。"


class ProductionRefused(Problem):
    """These settings are refused in production; each line of detail says which and why."""

    code = "production-refused"
    zh = "生产环境不接受以下设置；detail 逐行说明是哪一项及原因。"


class KeysIncomplete(Problem):
    """The key file lacks keys this version needs: run `healthcloud keys create`; detail names the purposes."""

    code = "keys-incomplete"
    zh = "密钥文件缺少此版本需要的密钥：请运行 healthcloud keys create；detail 列出用途。"


class NotReadyInTime(Problem):
    """The city's processes were started, but none of them can serve; detail says what is missing."""

    code = "not-ready-in-time"
    zh = "各进程已启动，但都无法提供服务；detail 说明缺少什么。"


class NotEmbedded(Problem):
    """HEALTHCLOUD_DATABASE_URL names a server of yours: back it up with PostgreSQL's own tools."""

    code = "not-embedded"
    zh = "HEALTHCLOUD_DATABASE_URL 指向您自己的数据库：请使用 PostgreSQL 自带工具备份。"


class NotOutside(Conflict):
    """The embedded database prepares itself: this is for a server of yours that HEALTHCLOUD_DATABASE_URL names."""

    code = "not-outside"
    zh = "内置数据库会自行准备；此命令用于 HEALTHCLOUD_DATABASE_URL 所指的您自己的数据库服务器。"
    who_acts: ClassVar[WhoActs] = "administrator"


class AddressesUnfit(Problem):
    """The two database addresses in the settings do not fit; detail says why, and nothing in them is repeated."""

    code = "addresses-unfit"
    zh = "设置中的两个数据库地址不合要求，detail 说明原因，不重复其内容。"


class OwnerUnknown(Problem):
    """Migrations need the owner role: set HEALTHCLOUD_OWNER_DATABASE_URL."""

    code = "owner-unknown"
    zh = "迁移需要所有者角色：请设置 HEALTHCLOUD_OWNER_DATABASE_URL。"


class ConfirmationMissing(Conflict):
    """This cannot be undone and was not confirmed: say --yes, or try it first with --dry-run."""

    code = "confirmation-missing"
    zh = "此操作不可撤销且未经确认：请加 --yes，或先用 --dry-run 试运行。"
    who_acts: ClassVar[WhoActs] = "administrator"


class InstitutionNotFound(NotFound):
    """No institution has this id or number; `healthcloud institution list` shows them all."""

    code = "institution-not-found"
    zh = "没有这个编号的机构；healthcloud institution list 列出全部机构。"


class StaffNotFound(NotFound):
    """No member of staff has this login name; `healthcloud staff list` shows them all."""

    code = "staff-not-found"
    zh = "没有这个登录名的工作人员；healthcloud staff list 列出全部人员。"


class FileThere(Conflict):
    """A secret is only written into a new file, and this one exists: name another."""

    code = "file-exists"
    zh = "密钥只写入新文件，而该文件已存在：请换一个文件名。"
    who_acts: ClassVar[WhoActs] = "administrator"


class LoadingFailed(Problem):
    """Loading the demonstration stopped before its end; what is there is whole, so run the same command again."""

    code = "loading-failed"
    zh = "演示数据没有全部载入；已载入的部分是完整的，请再次运行同一命令。"


class NotADemonstration(Conflict):
    """This city holds or may hold real persons' data: a demonstration's invented people have no place in it."""

    code = "not-a-demonstration"
    zh = "这不是演示环境：其中有或可能有真实人员的数据，不能放入虚构的人员。"
    who_acts: ClassVar[WhoActs] = "administrator"


class CityNotRunning(Unavailable):
    """The city does not answer: start it with `healthcloud demo run`, and come back when it says it is ready."""

    code = "city-not-running"
    zh = "城市没有应答：请先运行 healthcloud demo run，就绪后再来。"


class NotLoaded(NotFound):
    """There is no demonstration in this folder: run `healthcloud demo run` first."""

    code = "demonstration-not-loaded"
    zh = "此目录中没有演示城市：请先运行 healthcloud demo run。"


class NotASandbox(Conflict):
    """A sandbox has its own database and keys: unset HEALTHCLOUD_PRODUCTION, _DATABASE_URL and _KEYS_FILE."""

    code = "not-a-sandbox"
    zh = "沙箱用自己目录中的数据库和密钥：请去掉 HEALTHCLOUD_PRODUCTION、_DATABASE_URL 和 _KEYS_FILE 设置。"
    who_acts: ClassVar[WhoActs] = "administrator"
