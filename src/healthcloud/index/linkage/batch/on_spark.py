"""
The batch on Spark, `python -m healthcloud.index.linkage.batch.on_spark`: for a province, on a cluster of its own.

Spark keeps what is shuffled in its local folders: encrypted there (spark.io.encryption), and tokens under a key that
ends with the run in any case.
"""

import tempfile
from functools import partial
from pathlib import Path

from pyspark.sql import SparkSession  # type: ignore[import-not-found]  # never a dependency: decision 0061
from splink import SparkAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from healthcloud.index.linkage.batch.job import Job
from healthcloud.index.linkage.batch.linking import Engine, run

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where Linux has one


def prepare(folder: str, job: Job) -> Engine:
    """Return Spark as this job may use it, with its local files in this folder."""
    builder = SparkSession.builder.appName("healthcloud people link").master(job.master or f"local[{job.threads}]")
    for name, value in (
        ("spark.io.encryption.enabled", "true"),
        ("spark.network.crypto.enabled", "true"),
        ("spark.authenticate", "true"),
        ("spark.local.dir", folder),
        ("spark.sql.warehouse.dir", folder),
        ("spark.driver.memory", f"{job.memory_mib}m"),
        ("spark.sql.shuffle.partitions", str(4 * job.threads)),
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
    ):
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return Engine(
        lambda: SparkAPI(  # type: ignore[no-untyped-call]  # splink's own
            spark_session=session, break_lineage_method="persist", register_udfs_automatically=False
        ),
        _count,
    )


def _count(frame: SplinkDataFrame) -> int:
    return int(frame.as_spark_dataframe().count())


def main() -> None:
    """Do a job in a folder that goes with it."""
    with tempfile.TemporaryDirectory(
        prefix="linkage-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None, ignore_cleanup_errors=True
    ) as folder:
        run(partial(prepare, folder))
        if (session := SparkSession.getActiveSession()) is not None:
            session.stop()


if __name__ == "__main__":
    main()
