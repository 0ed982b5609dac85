"""Sandbox: a city to try things in, with a clock, failures on a switch and a journal of every call."""

from healthcloud.sandbox import actions, front_box
from healthcloud.sandbox.api import OPEN, router, text_of
from healthcloud.sandbox.citizens import Citizen, citizens, citizens_file
from healthcloud.sandbox.comparing import Difference, compare
from healthcloud.sandbox.current import Current
from healthcloud.sandbox.errors import CallUnsigned
from healthcloud.sandbox.model import EVERY_FACE, EVERYBODY, MOST_CALLS, WAYS, Call, CallLine, Heard, Signed, Switches
from healthcloud.sandbox.outgoing import Outgoing
from healthcloud.sandbox.reads import NEWEST, call_of, journal, state_of
from healthcloud.sandbox.recorder import Recorder
from healthcloud.sandbox.strings import Face, faces

__all__ = [
    "EVERYBODY",
    "EVERY_FACE",
    "MOST_CALLS",
    "NEWEST",
    "OPEN",
    "WAYS",
    "Call",
    "CallLine",
    "CallUnsigned",
    "Citizen",
    "Current",
    "Difference",
    "Face",
    "Heard",
    "Outgoing",
    "Recorder",
    "Signed",
    "Switches",
    "actions",
    "call_of",
    "citizens",
    "citizens_file",
    "compare",
    "faces",
    "front_box",
    "journal",
    "router",
    "state_of",
    "text_of",
]
