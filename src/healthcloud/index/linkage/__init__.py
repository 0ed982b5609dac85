"""Linkage: a batch over the whole index by splink, on keyed tokens, that learns weights, measures and proposes."""

from healthcloud.index.linkage.batch.job import Found
from healthcloud.index.linkage.batch.running import EngineName, check_installed, run_batch
from healthcloud.index.linkage.converting import job_of, measures_of, proposed
from healthcloud.index.linkage.encoding import KEY_SIZE, Encoder
from healthcloud.index.linkage.errors import LinkageEmpty, LinkageFailed, LinkageMissing
from healthcloud.index.linkage.portions import Stretch, encoded, stretches
from healthcloud.index.linkage.proposing import propose

__all__ = [
    "KEY_SIZE",
    "Encoder",
    "EngineName",
    "Found",
    "LinkageEmpty",
    "LinkageFailed",
    "LinkageMissing",
    "Stretch",
    "check_installed",
    "encoded",
    "job_of",
    "measures_of",
    "propose",
    "proposed",
    "run_batch",
    "stretches",
]
