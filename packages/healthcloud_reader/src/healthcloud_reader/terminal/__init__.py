"""The reader as a program: a command for scripts and a page for the person at the scanner."""

from healthcloud_reader.terminal.command import main

__all__ = ["main"]
