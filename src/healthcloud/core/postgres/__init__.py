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
from healthcloud.core.postgres.manifest import Distribution, read_distribution
from healthcloud.core.postgres.migrations import (
    Migration,
    apply_migrations,
    check_migrations,
    pending_migrations,
    read_migrations,
)
from healthcloud.core.postgres.retention import keep_for
from healthcloud.core.postgres.server import EmbeddedPostgres
from healthcloud.core.postgres.spreading import Citus, Step, citus_of, spread, steps_to_spread
from healthcloud.core.postgres.upkeep import TableSize, analyze, room_for_log, table_sizes

__all__ = [
    "ROLES",
    "BackupManifest",
    "Citus",
    "Distribution",
    "EmbeddedPostgres",
    "Migration",
    "Progress",
    "Step",
    "TableSize",
    "analyze",
    "apply_migrations",
    "back_up",
    "check_migrations",
    "citus_of",
    "database_name_faults",
    "find_binaries",
    "keep_for",
    "limit_database",
    "on_database",
    "pending_migrations",
    "prepare_cluster",
    "read_distribution",
    "read_migrations",
    "restore_backup",
    "room_for_log",
    "spread",
    "steps_to_spread",
    "table_sizes",
]
