"""Terminals (终端): windows, kiosks and desks where codes are scanned, each bound to one browser or API client."""

from healthcloud.institutions.terminals.actions import (
    add_terminals,
    bind_terminal,
    bind_to_client,
    enrol_terminal,
    issue_enrolment,
    replace_terminal,
    retire_terminal,
    set_scene,
)
from healthcloud.institutions.terminals.cookie import keep_binding
from healthcloud.institutions.terminals.errors import TerminalUnknown
from healthcloud.institutions.terminals.model import PURPOSES, Bound, Enrolment, Seat, Terminal, TerminalWish
from healthcloud.institutions.terminals.reads import (
    terminal,
    terminal_codes,
    terminal_named,
    terminal_of_token,
    terminals_of,
)

__all__ = [
    "PURPOSES",
    "Bound",
    "Enrolment",
    "Seat",
    "Terminal",
    "TerminalUnknown",
    "TerminalWish",
    "add_terminals",
    "bind_terminal",
    "bind_to_client",
    "enrol_terminal",
    "issue_enrolment",
    "keep_binding",
    "replace_terminal",
    "retire_terminal",
    "set_scene",
    "terminal",
    "terminal_codes",
    "terminal_named",
    "terminal_of_token",
    "terminals_of",
]
