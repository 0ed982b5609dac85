"""Shedding: what is refused first when more is asked than can be done, in a stated order, early and cheaply."""

from healthcloud.server.shedding.gate import Gate
from healthcloud.server.shedding.order import ORDER, Work, work_of
from healthcloud.server.shedding.signals import Lag, Limits, Signals

__all__ = ["ORDER", "Gate", "Lag", "Limits", "Signals", "Work", "work_of"]
