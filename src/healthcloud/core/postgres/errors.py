"""
What can go wrong between this software and its PostgreSQL; all of it is for whoever runs the machine.

    PostgresProblem
    ├── BinariesMissing     the Python package that carries PostgreSQL is not installed
    ├── NobodyToRunAs       started as root, and no unprivileged way to run was found
    ├── NeverStarted        there is no database in this folder yet
    ├── DataMissing         there was one, and its data folder is gone
    ├── FolderNotOurs       the data belongs to another account
    ├── FolderInUse         another process of this software runs this folder
    ├── FolderNotEmpty      a restore or backup would overwrite something
    ├── StartFailed         the server ended before it was ready
    ├── StopFailed          the server did not end when told to
    ├── ServerTooOld        an outside PostgreSQL before version 16
    ├── BackupFailed        the backup could not be made
    ├── BackupDamaged       the backup is not what was written
    ├── RestoreDiffers      the restored rows are not those of the backup
    └── MigrationProblem    see migrations.py
        ├── MigrationMalformed   ├── MigrationOutOfOrder   ├── MigrationFailed
        └── MigrationChanged     └── MigrationBlocked      └── MigrationsPending
"""

from typing import ClassVar

from healthcloud.core.errors import Problem, WhoActs


class PostgresProblem(Problem):
    """The database could not do what it was told; see detail."""

    status = 503
    code = "postgres"
    zh = "数据库无法完成操作，请看 detail。"


class BinariesMissing(PostgresProblem):
    """PostgreSQL itself is missing: install requirements.txt, or set HEALTHCLOUD_DATABASE_URL to a server you run."""

    code = "postgres-binaries-missing"
    zh = "缺少 PostgreSQL 程序：请安装 requirements.txt，或将 HEALTHCLOUD_DATABASE_URL 指向您自己的数据库。"


class NobodyToRunAs(PostgresProblem):
    """
    PostgreSQL refuses to run as root, and no unprivileged way to run it was found here.

    Start this software as an ordinary user, or keep it in a folder that the account `postgres` or `nobody` can enter,
    or allow user namespaces.
    """

    code = "postgres-nobody-to-run-as"
    zh = (
        "PostgreSQL 拒绝以 root 身份运行，而这里找不到其他身份。请以普通用户启动，"
        "或将本软件放在 postgres 或 nobody 账户可以进入的目录，或允许使用用户命名空间。"
    )


class NeverStarted(PostgresProblem):
    """There is no database in this folder yet: start it once first."""

    code = "postgres-never-started"
    zh = "此目录中还没有数据库：请先启动一次。"


class DataMissing(PostgresProblem):
    """The database was here once and its data is gone: restore a backup, or remove the whole folder to begin anew."""

    code = "postgres-data-missing"
    zh = "数据库曾在此目录中，但数据已不存在：请从备份恢复，或删除整个目录后重新开始。"


class FolderNotOurs(PostgresProblem):
    """The data folder belongs to another account: start as the account that made it, or choose another folder."""

    code = "postgres-folder-not-ours"
    zh = "数据目录属于另一个账户：请用创建它的账户启动，或另选目录。"


class FolderInUse(PostgresProblem):
    """Another process already runs the database in this folder: stop it first, or choose another folder."""

    status = 409
    code = "postgres-folder-in-use"
    zh = "另一个进程正在使用此数据目录中的数据库：请先停止它，或另选目录。"


class FolderNotEmpty(PostgresProblem):
    """The folder to write to is not empty, and nothing is ever overwritten: name a new one."""

    status = 409
    code = "postgres-folder-not-empty"
    zh = "目标目录不为空，本软件从不覆盖已有内容：请指定一个新目录。"


class StartFailed(PostgresProblem):
    """PostgreSQL ended before it was ready; detail holds the last lines of its log."""

    code = "postgres-start-failed"
    zh = "PostgreSQL 未能启动；detail 中是其日志的最后几行。"


class StopFailed(PostgresProblem):
    """PostgreSQL did not end though it was told to, twice; look at its process before starting it again."""

    code = "postgres-stop-failed"
    zh = "PostgreSQL 两次收到停止命令仍未结束；请先检查其进程再启动。"


class ServerTooOld(PostgresProblem):
    """This PostgreSQL is too old: version 16 or later is needed."""

    code = "postgres-too-old"
    zh = "PostgreSQL 版本过低：需要 16 或更高版本。"


class BackupFailed(PostgresProblem):
    """The backup could not be made; detail says why, and what was written of it is of no use."""

    code = "backup-failed"
    zh = "备份未能完成；原因见 detail，已写出的部分不可使用。"


class BackupDamaged(PostgresProblem):
    """This backup is incomplete or was changed after it was made; take another one."""

    code = "backup-damaged"
    zh = "此备份不完整，或在制作后被改动；请使用另一份备份。"


class RestoreDiffers(PostgresProblem):
    """The restored database does not hold the rows the backup counted; do not use it."""

    code = "restore-differs"
    zh = "恢复后的数据行数与备份时不一致；请勿使用。"


class MigrationProblem(PostgresProblem):
    """The database's schema could not be brought to what this version needs; see detail."""

    code = "migration"
    zh = "数据库结构无法更新到此版本所需的状态；请看 detail。"
    who_acts: ClassVar[WhoActs] = "developer"


class MigrationMalformed(MigrationProblem):
    """A migration's file name or first line is not as it must be; nothing was applied."""

    code = "migration-malformed"
    zh = "迁移文件的文件名或首行不合规则；没有执行任何迁移。"


class MigrationChanged(MigrationProblem):
    """A migration was changed or removed after it had been applied; put it back and write a new one instead."""

    code = "migration-changed"
    zh = "某个迁移在执行后被改动或删除；请恢复原文件，另写新的迁移。"


class MigrationOutOfOrder(MigrationProblem):
    """A migration has a lower number than one already applied; give it the next number."""

    code = "migration-out-of-order"
    zh = "某个迁移的编号小于已执行的迁移；请改用下一个编号。"


class MigrationBlocked(MigrationProblem):
    """A migration waited too long for a lock and gave up so that others could work; run it again."""

    code = "migration-blocked"
    zh = "迁移等待锁的时间过长，为不影响他人已放弃；请重新执行。"
    who_acts = "administrator"


class MigrationFailed(MigrationProblem):
    """A migration failed and was rolled back; those before it stand."""

    code = "migration-failed"
    zh = "某个迁移执行失败并已回滚；之前的迁移仍然有效。"


class MigrationsPending(MigrationProblem):
    """The database is older than this software: run `healthcloud db migrate`."""

    code = "migrations-pending"
    zh = "数据库结构旧于此软件版本：请运行 healthcloud db migrate。"
    who_acts = "administrator"
