"""Building: the index over the persons who are there already, by COPY, range after range of their ids."""

from healthcloud.index.building.actions import build, compare_built
from healthcloud.index.building.reads import count_persons, next_range

__all__ = ["build", "compare_built", "count_persons", "next_range"]
