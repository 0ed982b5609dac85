"""Golden record: what is shown of a person, each value with its source and rule; no source is ever overwritten."""

from healthcloud.index.golden.actions import follow_golden, follow_later
from healthcloud.index.golden.jobs import JOBS, REACTIONS
from healthcloud.index.golden.model import Field, Golden, GoldenField, Rule, Said
from healthcloud.index.golden.reads import golden_of

__all__ = [
    "JOBS",
    "REACTIONS",
    "Field",
    "Golden",
    "GoldenField",
    "Rule",
    "Said",
    "follow_golden",
    "follow_later",
    "golden_of",
]
