"""Quality: what is suspected twice, what links rest on, how old questions are, how often the machine is right."""

from healthcloud.index.quality.counting import RECURRING, count
from healthcloud.index.quality.model import InstitutionQuality, Precision, Quality, Verdict
from healthcloud.index.quality.reads import SCOPES, by_institution, quality_of
from healthcloud.index.quality.sampling import SampleShown, judge, next_sample

__all__ = [
    "RECURRING",
    "SCOPES",
    "InstitutionQuality",
    "Precision",
    "Quality",
    "SampleShown",
    "Verdict",
    "by_institution",
    "count",
    "judge",
    "next_sample",
    "quality_of",
]
