"""Figures: what is counted of cards, persons, uses and refusals, with definition, rows and freshness."""

from healthcloud.figures import rows
from healthcloud.figures.actions import rebuild
from healthcloud.figures.api import router
from healthcloud.figures.checking import Verdict, check
from healthcloud.figures.counting import following
from healthcloud.figures.definitions import DEFINITIONS, Definition, Span, Told
from healthcloud.figures.errors import AlreadyRebuilding, FigureUnknown
from healthcloud.figures.model import CITY, Figure
from healthcloud.figures.reads import (
    SCOPE,
    Detail,
    Overview,
    Reading,
    by_institution,
    definition_for,
    definitions_for,
    detail,
    overview,
)
from healthcloud.figures.rebuilding import JOBS
from healthcloud.figures.standing import Standing, standing

__all__ = [
    "CITY",
    "DEFINITIONS",
    "JOBS",
    "SCOPE",
    "AlreadyRebuilding",
    "Definition",
    "Detail",
    "Figure",
    "FigureUnknown",
    "Overview",
    "Reading",
    "Span",
    "Standing",
    "Told",
    "Verdict",
    "by_institution",
    "check",
    "definition_for",
    "definitions_for",
    "detail",
    "following",
    "overview",
    "rebuild",
    "router",
    "rows",
    "standing",
]
