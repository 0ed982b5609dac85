"""Learning: versions of the model records are compared under; which one is live."""

from healthcloud.index.learning.actions import adopt_model, propose_model
from healthcloud.index.learning.model import SHIPPED, Measures, Version, VersionState
from healthcloud.index.learning.reads import live_model, model_of, model_versions
from healthcloud.index.matching import Model

__all__ = [
    "SHIPPED",
    "Measures",
    "Model",
    "Version",
    "VersionState",
    "adopt_model",
    "live_model",
    "model_of",
    "model_versions",
    "propose_model",
]
