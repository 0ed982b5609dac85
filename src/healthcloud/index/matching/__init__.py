"""Matching: whether two records speak of one person, by exact rules first, then by weights; it keeps nothing."""

from healthcloud.index.matching.blocks import block_texts
from healthcloud.index.matching.decide import SAME_NUMBER, decide
from healthcloud.index.matching.default import DEFAULT_MODEL
from healthcloud.index.matching.features import features_of
from healthcloud.index.matching.learning import learn
from healthcloud.index.matching.model import Content, Decision, Features, Key, Model, Outcome, Part, Weight, Written
from healthcloud.index.matching.reading import certain, read_content
from healthcloud.index.matching.shelf import Shelf

__all__ = [
    "DEFAULT_MODEL",
    "SAME_NUMBER",
    "Content",
    "Decision",
    "Features",
    "Key",
    "Model",
    "Outcome",
    "Part",
    "Shelf",
    "Weight",
    "Written",
    "block_texts",
    "certain",
    "decide",
    "features_of",
    "learn",
    "read_content",
]
