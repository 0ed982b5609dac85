"""The tour: one resident's way through a running city, over HTTP alone, each answer compared with what it must be."""

from healthcloud.server.tour.steps import Deviated, Step, Tour
from healthcloud.server.tour.walk import walk

__all__ = ["Deviated", "Step", "Tour", "walk"]
