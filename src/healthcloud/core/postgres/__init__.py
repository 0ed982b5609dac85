"""PostgreSQL: the embedded server and its life, the migrations of its schema, its backup and its restore."""

from healthcloud.core.postgres.backup import BackupManifest, back_up, restore_backup
from healthcloud.core.postgres.binaries import find_binaries
from healthcloud.core.postgres.cluster import (
    database_name_faults,
    limit_database,
    on_database,
    prepare_cluster,
)
from healthcloud.core.postgres.configuration import ROLES
from healthcloud.core.postgres.launch import Progress
from healthcloud.core.postgres.migrations import (
    Migration,
    apply_migrations,
    check_migrations,
    pending_migrations,
    read_migrations,
)
from healthcloud.core.postgres.server import EmbeddedPostgres

__all__ = [
    "ROLES",
    "BackupManifest",
    "EmbeddedPostgres",
    "Migration",
    "Progress",
    "apply_migrations",
    "back_up",
    "check_migrations",
    "database_name_faults",
    "find_binaries",
    "limit_database",
    "on_database",
    "pending_migrations",
    "prepare_cluster",
    "read_migrations",
    "restore_backup",
]
