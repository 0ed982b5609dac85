"""Counting anew from the first block, beside what is shown, until it has caught up and takes its place."""

from healthcloud.figures.rebuilding.jobs import JOBS

__all__ = ["JOBS"]
