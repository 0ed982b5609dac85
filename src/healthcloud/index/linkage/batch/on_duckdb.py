"""
The batch on DuckDB, `python -m healthcloud.index.linkage.batch.on_duckdb`: in memory, which it may not leave.

DuckDB is forbidden every file, and has no place to spill to: a batch that needs more memory than it was given fails.
"""

import duckdb
from splink import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from healthcloud.index.linkage.batch.job import Job
from healthcloud.index.linkage.batch.linking import Engine, run


def prepare(job: Job) -> Engine:
    """Return DuckDB as this job may use it."""

    def open_one() -> DuckDBAPI:
        connection = duckdb.connect(":memory:")
        for name, value in (
            ("temp_directory", ""),
            ("max_temp_directory_size", "0B"),
            ("memory_limit", f"{job.memory_mib}MiB"),
            ("threads", job.threads),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            ("enable_external_access", False),
            ("lock_configuration", True),
        ):
            connection.execute(f"SET {name} = {value!r}")
        return DuckDBAPI(connection)

    return Engine(open_one, _count)


def _count(frame: SplinkDataFrame) -> int:
    return frame.as_duckdbpyrelation().shape[0]


if __name__ == "__main__":
    run(prepare)
