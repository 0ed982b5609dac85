"""Corrections: a name, number, sex or birth date set right at a counter, with evidence, right at the next scan."""

from healthcloud.people.corrections.following import FOLLOWING
from healthcloud.people.corrections.reads import Corrected, corrections_of

__all__ = ["FOLLOWING", "Corrected", "corrections_of"]
