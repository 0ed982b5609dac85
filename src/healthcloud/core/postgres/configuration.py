"""
The settings of the embedded server.

Durable always: `fsync` and `synchronous_commit` are off only for tests. No personal data in its log: neither statements
nor parameters nor the DETAIL of an error are written, and no ERROR at all, since its text may quote a value; whoever
ran the statement gets the error, and says so in a masked log.
"""

import os
from pathlib import Path

MAX_CONNECTIONS = 100
ROLES = {"superuser": "postgres", "owner": "healthcloud_owner", "app": "healthcloud_app"}

ACCESS = """\
# Written at each start: everybody proves a password, and only the superuser may take a backup.
local all all scram-sha-256
local replication postgres scram-sha-256
"""

_SETTINGS = """\
# Written at each start from healthcloud/core/postgres/configuration.py; local changes go to data/postgresql.auto.conf.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{access}'
max_connections = {connections}
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, YMD'
lc_messages = 'C'
idle_in_transaction_session_timeout = '60s'
# Two cores and one disk of flash.
shared_buffers = '{buffers}MB'
effective_cache_size = '{cache}MB'
work_mem = '8MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
jit = off
max_wal_size = '2GB'
min_wal_size = '128MB'
checkpoint_timeout = '15min'
wal_compression = off
wal_level = replica
max_wal_senders = 4
max_replication_slots = 4
# Its log, without a word of anybody.
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%Y%m%d-%H%M%S.log'
log_file_mode = 0600
log_rotation_size = '10MB'
log_rotation_age = 0
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_duration = off
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

_DURABLE = """\
fsync = on
synchronous_commit = on
full_page_writes = on
"""

_FORGETFUL = """\
# For tests only: a power cut may lose everything, a killed server nothing.
fsync = off
synchronous_commit = on
full_page_writes = off
"""


def server_settings(*, socket: Path, access: Path, log: Path, buffers: int | None, for_tests: bool) -> str:
    """Return the text of postgresql.conf; `buffers` in MB, by default a quarter of the memory, 128 MB to 8 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    text = _SETTINGS.format(
        socket=_quoted(socket),
        access=_quoted(access),
        log=_quoted(log),
        connections=MAX_CONNECTIONS,
        buffers=buffers or max(128, min(8192, memory // 4)),
        cache=max(256, memory // 2),
    )
    return text + (_FORGETFUL if for_tests else _DURABLE)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
