"""Channels: one text to one address, sealed on its way and erased when sent; knows numbers, no person."""

from healthcloud.channels.actions import PURPOSES, send_text
from healthcloud.channels.aggregator import SmsAggregator
from healthcloud.channels.errors import NotAMobileNumber
from healthcloud.channels.jobs import RECURRING, sending
from healthcloud.channels.model import Channel, TextState, masked_number, mobile_number
from healthcloud.channels.ports import SmsSender, TextRefused, TextUndelivered

__all__ = [
    "PURPOSES",
    "RECURRING",
    "Channel",
    "NotAMobileNumber",
    "SmsAggregator",
    "SmsSender",
    "TextRefused",
    "TextState",
    "TextUndelivered",
    "masked_number",
    "mobile_number",
    "send_text",
    "sending",
]
