"""Codes: the text a card shows now, made by the platform, and the text printed for those without a phone."""

from healthcloud.cards.codes.actions import print_code
from healthcloud.cards.codes.model import CodeShown, PrintedCode
from healthcloud.cards.codes.reads import code_of

__all__ = ["CodeShown", "PrintedCode", "code_of", "print_code"]
